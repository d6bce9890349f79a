import { describe, expect, it } from "vitest";
import type { DataError } from "../core/errors.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { type Env, loadSystem } from "./load-system.ts";
import { projectAt } from "./project.ts";
import { configReference } from "./reference.ts";

const ENV: Env = { ANSWER_URL: "http://answer.internal:8080" };
const FILES = {
  "benchmarks/systems/answer.py": "print('one')\n",
  "benchmarks/systems/p.hbs": "Q: {{question}}",
  "models/small.gguf": "weights",
  "models/same.gguf": "weights",
  "models/other.gguf": "other weights",
};

async function load(generator: string, files: Record<string, string> = {}, env: Env = ENV) {
  const yaml = `generator: ${generator}\n`;
  const root = await tempFolder({ "benchmarks/systems/mine.yaml": yaml, ...FILES, ...files });
  return loadSystem(projectAt(root), "mine", env);
}
const problemsOf = (generator: string) =>
  load(generator).then(
    () => "",
    (error: DataError) =>
      error.problems.map((p) => `${p.where.split(" ")[1]}: ${p.expected}, got ${p.got} [${p.code}]`).join("\n"),
  );

const LOCAL = "{ kind: local, path: ../../models/small.gguf }";
const HTTP = `{ kind: http, url: "\${ANSWER_URL}/a", body: '{"q": {{json question}}}', answer: /text }`;
const PROCESS = "{ kind: process, command: [python3, answer.py] }";

describe("a generator in a system file", () => {
  it("of kind local gets its defaults and the path of its model", async () => {
    const { config, publicConfig } = await load(LOCAL);
    expect(config.generator).toEqual({
      kind: "local",
      path: expect.stringMatching(/^\/.*models.small\.gguf$/),
      context_size: 4096,
      temperature: 0,
      max_tokens: 256,
      seed: 0,
      confidence: false,
      history: "messages",
      threads: 1,
    });
    expect(publicConfig.generator).toMatchObject({ path: "../../models/small.gguf" });
  });

  it("of kind http gets its defaults and its address, which is not written", async () => {
    const { config, publicConfig } = await load(HTTP);
    const defaults = { method: "POST", reply: "json", pieces: "added", timeout_s: 60, max_attempts: 4, concurrency: 8 };
    expect(config.generator).toMatchObject({ ...defaults, url: "http://answer.internal:8080/a" });
    expect(JSON.stringify(publicConfig)).not.toContain("internal");
  });

  it("of kind process gets its defaults", async () => {
    expect((await load(PROCESS)).config.generator).toMatchObject({
      command: ["python3", "answer.py"],
      start_timeout_s: 120,
      timeout_s: 60,
      restarts: 3,
      concurrency: 1,
    });
  });

  it.each([
    ["the same weights by another name", LOCAL, LOCAL.replace("small", "same"), {}, true],
    ["other weights", LOCAL, LOCAL.replace("small", "other"), {}, false],
    ["the number of threads", LOCAL, LOCAL.replace("local,", "local, threads: 2,"), {}, true],
    ["the seed", LOCAL, LOCAL.replace("local,", "local, seed: 2,"), {}, false],
    ["the most tokens", LOCAL, LOCAL.replace("local,", "local, max_tokens: 9,"), {}, false],
    [
      "the prompt of a local model",
      LOCAL.replace("local,", "local, prompt: p.hbs,"),
      LOCAL.replace("local,", "local, prompt: p.hbs,"),
      { "benchmarks/systems/p.hbs": "{{question}}?" },
      false,
    ],
    [
      "the prompt of a server",
      HTTP.replace("http,", "http, prompt: p.hbs,"),
      HTTP.replace("http,", "http, prompt: p.hbs,"),
      { "benchmarks/systems/p.hbs": "{{question}}?" },
      false,
    ],
    ["the body", HTTP, HTTP.replace('"q"', '"query"'), {}, false],
    ["a pointer", HTTP, HTTP.replace("/text", "/answer"), {}, false],
    ["the time limit", HTTP, HTTP.replace("http,", "http, timeout_s: 3,"), {}, true],
    ["the script", PROCESS, PROCESS, { "benchmarks/systems/answer.py": "print('two')\n" }, false],
    ["how often it is started again", PROCESS, PROCESS.replace("process,", "process, restarts: 9,"), {}, true],
  ])("%s: whether another makes it another system", async (_, one, other, files, same) => {
    const [a, b] = [await load(one), await load(other, files)];
    expect(a.sha256 === b.sha256).toBe(same);
  });

  it.each([
    ["{ kind: local }", 'the key "path"'],
    ["{ kind: local, path: no.gguf }", '/generator/path: a readable file, got "no.gguf": ENOENT [E_SYSTEM_FILE]'],
    [LOCAL.replace("local,", "local, context_size: 5,"), "/generator/context_size: "],
    [LOCAL.replace("local,", "local, model: x,"), "/generator/model: one of the keys kind, path"],
    [LOCAL.replace("local,", "local, prompt: no.hbs,"), "/generator/prompt: a readable file"],
    [HTTP.replace("/text", "text"), "/generator/answer: "],
    [HTTP.replace(", answer: /text", ""), 'the key "answer"'],
    [HTTP.replace("http,", "http, reply: xml,"), "/generator/reply: one of json, sse, lines"],
    [HTTP.replace("json question", "json condition"), "/generator/body: a template that sends the question"],
    [HTTP.replace("http,", "http, method: GET,"), "/generator/body: no body with GET"],
    [HTTP.replace(/body: '[^']*', /, ""), "/generator/body: a template that sends the question, got nothing"],
    [HTTP.replace("ANSWER_URL", "NO_SUCH"), "variable NO_SUCH, got nothing [E_SYSTEM_ENV]"],
    ["{ kind: process, command: [] }", "/generator/command: "],
    ["{ kind: lokal }", '/generator/kind: "kind" to be one of'],
  ])("%s is refused where it is wrong", async (generator, expected) => {
    expect(await problemsOf(generator)).toContain(expected);
  });

  it("may send the whole prompt instead of the question", async () => {
    await load(HTTP.replace("json question", "json prompt"));
    await load(HTTP.replace(/body: '[^']*'/, 'method: GET, params: { q: "{{question}}" }'));
  });
});

describe("the configuration reference", () => {
  it("describes every kind of generator once", () => {
    const text = configReference();
    for (const kind of ["reader", "openai", "local", "http", "process", "replay"]) {
      expect(text.split(`\`generator\` with \`kind: ${kind}\``), kind).toHaveLength(2);
    }
  });
});
