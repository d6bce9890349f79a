import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { ProcessGeneratorConfig } from "../../config/process-generator-schema.ts";
import { SystemFailure } from "../../core/errors.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import type { BuiltSystem } from "../build-system.ts";
import { buildForTest, systemOf } from "../testing/build-for-test.ts";
import { describeGenerator, requestOf } from "../testing/generator-conformance.ts";

const SCRIPT = fileURLToPath(new URL("../../../fixtures/endpoints/line-retriever.mjs", import.meta.url));
const SECRET = "key-SECRET0123456789abcdef";
const signal = new AbortController().signal;

const open: BuiltSystem[] = [];
afterEach(async () => {
  for (const system of open.splice(0)) await system.close();
});

async function build(args: readonly string[], more: Partial<ProcessGeneratorConfig> = {}, file = SCRIPT) {
  const config: ProcessGeneratorConfig = {
    kind: "process",
    command: [process.execPath, SCRIPT, ...args],
    env: ["PLANTED"],
    start_timeout_s: 20,
    timeout_s: 20,
    restarts: 2,
    concurrency: 4,
    ...more,
  };
  const env = { PATH: process.env.PATH, PLANTED: SECRET };
  const system = await buildForTest(systemOf({ generator: config }, { file }), [], { env });
  open.push(system);
  return system;
}
const ask = async (system: BuiltSystem, text = "What is k1?") => system.generator!.answer(requestOf({ text }), signal);
const failure = async (system: BuiltSystem): Promise<SystemFailure> => {
  const error: unknown = await ask(system, "a fault?").catch((e: unknown) => e);
  expect(error).toBeInstanceOf(SystemFailure);
  expect((error as Error).message).not.toMatch(/SECRET|456789|[\u0007\u001b]/);
  return error as SystemFailure;
};

describeGenerator("a process", async () => (await build([])).generator!);

describe("a generator in a process", () => {
  it("is told the question, the passages and the history, and no prompt unless one is named", async () => {
    const system = await build([]);
    const query = { id: "q", text: "And b?", history: [{ role: "user", content: "What is k1?" }] } as const;
    const answer = await system.generator!.answer(requestOf({ query }), signal);
    expect(answer).toEqual({
      text: "And b? | p1 | __proto__ | user",
      finish: "stop",
      timing: { ms: expect.any(Number), source: "measured" },
    });
    expect(system.concurrency).toBe(4);
  });

  it("is told the prompt that the system file names", async () => {
    const folder = await tempFolder({ "p.hbs": "Q: {{question}} ({{passages.length}})" });
    const system = await build([], { prompt: "p.hbs" }, join(folder, "system.yaml"));
    expect((await ask(system, "Why?")).text).toBe("Why? | p1 | __proto__ | Q: Why? (2)");
  });

  it("may say that it declined, why it ended, how sure it is and what it used", async () => {
    const reply = {
      text: " thinking <ANSWER>: 1.2 ",
      refused: true,
      finish: "length",
      confidence: -0.5,
      usage: { prompt_tokens: 9, completion_tokens: 4 },
    };
    const system = await build([JSON.stringify(reply)], { answer_marker: "<ANSWER>:" });
    expect(await ask(system, "a fault")).toEqual({
      text: "1.2",
      raw: reply.text,
      refused: true,
      finish: "length",
      confidence: -0.5,
      usage: { promptTokens: 9, completionTokens: 4 },
      timing: { ms: expect.any(Number), source: "measured" },
    });
  });

  it("gives away no key that it was passed, in an answer either", async () => {
    const system = await build([JSON.stringify({ text: `the key is ${SECRET}` })]);
    expect((await ask(system, "a fault")).text).toBe("the key is [redacted]");
  });

  it.each([
    ["{}", "nothing as text"],
    ['{"text":7}', "7 as text"],
    ['{"text":"a","refused":"no"}', '"no" as refused'],
    ['{"text":"a","finish":""}', '"" as finish'],
    ['{"text":"a","confidence":"high"}', '"high" as confidence'],
    ['{"text":"a","usage":{"prompt_tokens":-1,"completion_tokens":2}}', "as usage"],
  ])("that replies %s fails that question alone and goes on", async (reply, words) => {
    const system = await build([reply], { restarts: 0 });
    const error = await failure(system);
    expect(error).toMatchObject({ code: "E_PROCESS_REPLY", retryable: false });
    expect(error.message).toContain(words);
    expect((await ask(system)).text).toContain("What is k1?");
  });

  it.each([
    ["crash", "E_PROCESS_CRASH", {}],
    ["hang", "E_PROCESS_TIMEOUT", { timeout_s: 0.3 }],
    ["garbage", "E_PROCESS_REPLY", {}],
    ["flood", "E_PROCESS_REPLY", {}],
  ])(
    "%s: the question fails, the process is started again, and its start is not part of an answer's time",
    async (...[fault, code, more]) => {
      const system = await build([fault, join(await tempFolder(), "once")], more);
      expect(await failure(system)).toMatchObject({ code, retryable: true });
      const started = performance.now();
      const { text, timing } = await ask(system);
      expect(text).toContain("What is k1?");
      // A new Node takes far longer to start than to answer.
      expect(timing.ms).toBeLessThan((performance.now() - started) / 2);
      expect(system.notes()).toEqual([expect.stringContaining("started again 1 times")]);
    },
  );

  it("that answers with an error fails with its words, redacted", async () => {
    const error = await failure(await build(["error"]));
    expect(error).toMatchObject({ code: "E_PROCESS_ERROR", retryable: false });
    expect(error.message).toContain("no index for [redacted]");
  });

  it("that needs a variable which is not set, or a prompt that is not there, is a problem", async () => {
    await expect(build([], { env: ["NO_SUCH"] })).rejects.toThrow("the environment variable NO_SUCH");
    await expect(build([], { prompt: "none.hbs" })).rejects.toThrow("E_PROMPT");
  });
});
