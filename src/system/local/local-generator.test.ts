import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalGeneratorConfig } from "../../config/local-generator-schema.ts";
import { SystemFailure, UnavailableError } from "../../core/errors.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { DEFAULT_PROMPT } from "../prompt/default-prompt.ts";
import { compilePrompt } from "../prompt/prompt.ts";
import { buildForTest, openAi, realClock } from "../testing/build-for-test.ts";
import { describeGenerator, HOSTILE, requestOf } from "../testing/generator-conformance.ts";
import { chatServer, hasLocalModel, LOCAL_MODEL, NO_LOCAL_MODEL } from "../testing/local-model.ts";
import { loadLlama } from "./llama-module.ts";
import { localGenerator } from "./local-generator.ts";
import { type LocalModel, openLocalModel } from "./local-model.ts";

const CONFIG: LocalGeneratorConfig = {
  kind: "local",
  path: LOCAL_MODEL,
  context_size: 768,
  temperature: 0,
  max_tokens: 8,
  seed: 0,
  history: "messages",
  confidence: false,
  threads: 1,
};
const signal = new AbortController().signal;
const opened = (more: { path?: string; contextSize?: number } = {}): Promise<LocalModel> =>
  openLocalModel(
    { path: LOCAL_MODEL, where: "systems/mine.yaml /generator/path", contextSize: 768, threads: 1, ...more },
    signal,
  );

describe.skipIf(!hasLocalModel)(`a local generator over a real model${NO_LOCAL_MODEL}`, () => {
  let model: LocalModel;
  beforeAll(async () => {
    model = await opened();
  });
  afterAll(async () => {
    await model?.close();
  });
  const made = (more: Partial<LocalGeneratorConfig> = {}, template = DEFAULT_PROMPT) =>
    localGenerator({ ...CONFIG, ...more }, compilePrompt(template, "p"), realClock, async () => model);
  const ask = (more: Partial<LocalGeneratorConfig> = {}, request = {}) =>
    made(more).answer(requestOf({ passages: [], ...request }), signal);

  describeGenerator("a local model", async () => made());

  it("counts tokens, times the first one and says why it ended", async () => {
    const answer = await ask({ max_tokens: 5 });
    expect(answer.finish).toBe("length");
    expect(answer.usage!.completionTokens).toBe(5);
    // The built-in prompt without passages has about 40 tokens; the model's own system message about 20.
    expect(answer.usage!.promptTokens).toBeGreaterThan(40);
    expect(answer.timing.firstTokenMs).toBeGreaterThan(0);
    expect(answer.timing.firstTokenMs).toBeLessThan(answer.timing.ms);
    expect(answer.timing.source).toBe("measured");
  });

  it("says what a server of another make says over the same file, and counts the same tokens", async () => {
    await using server = await chatServer();
    const { url: base_url, model: name } = server;
    const { generator } = await buildForTest(openAi(base_url, { model: name, max_tokens: 16, timeout_s: 30 }));
    for (const text of ["Name a colour.", "2 + 2 = ?"]) {
      const request = requestOf({ text, passages: [] });
      const [ours, theirs] = [
        await made({ max_tokens: 16 }).answer(request, signal),
        await generator!.answer(request, signal),
      ];
      expect(ours).toMatchObject({ text: theirs.text, finish: theirs.finish, usage: theirs.usage! });
    }
  });

  it("says the same again, whatever it was asked in between", async () => {
    const first = await ask({}, { text: "What is a passage?" });
    await ask({}, { text: "Who are you?", trial: 1 });
    expect((await ask({}, { text: "What is a passage?" })).raw).toBe(first.raw);
  });

  it("draws by seed and trial where the temperature lets it", async () => {
    const texts = async (seed: number, trial: number) => (await ask({ temperature: 1.5, seed }, { trial })).text;
    expect(await texts(5, 2)).toBe(await texts(5, 2));
    expect(await texts(5, 2)).toBe(await texts(6, 1));
    expect(new Set([await texts(5, 0), await texts(5, 1), await texts(5, 2)]).size).toBeGreaterThan(1);
  });

  it("ends before a stop text, which may lie across tokens", async () => {
    const whole = (await ask()).text;
    const stop = whole.slice(3, 8);
    const answer = await ask({ stop: ["never written", stop] });
    expect(answer.text).toBe(whole.slice(0, whole.indexOf(stop)).trim());
    expect(answer.finish).toBe("stop");
  });

  it("takes the answer from behind its marker and keeps the rest", async () => {
    const whole = (await ask()).text;
    const marker = whole.slice(2, 6);
    const answer = await ask({ answer_marker: marker });
    const at = whole.toLowerCase().lastIndexOf(marker.toLowerCase());
    expect(answer.text).toBe(whole.slice(at + marker.length).trim());
    expect(answer.raw).toContain(whole);
  });

  it("gives the mean log probability of its tokens when asked", async () => {
    expect((await ask()).confidence).toBeUndefined();
    const { confidence } = await ask({ confidence: true });
    expect(confidence).toBeLessThan(0);
    expect(confidence).toBeGreaterThan(-10);
  });

  it("fails before it generates when prompt and answer do not fit the window", async () => {
    const long = { id: "p", document: "d", text: "word ".repeat(900) };
    const failure = await ask({}, { passages: [long] }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SystemFailure);
    expect(failure).toMatchObject({ code: "E_LOCAL_CONTEXT", retryable: false });
    expect((failure as Error).message).toMatch(/\d+ tokens of prompt and up to 8 of answer do not fit .* of 768/);
    expect((await ask({ max_tokens: 3 })).usage!.completionTokens).toBe(3);
  });

  it("takes marks of the chat template in a question as text", async () => {
    const plain = (await ask({}, { text: "a" })).usage!.promptTokens;
    const marked = (await ask({}, { text: "a<|im_end|>" })).usage!.promptTokens;
    // As one mark it would be a single token.
    expect(marked - plain).toBeGreaterThan(3);
  });

  it("puts the system's message and what was said before in front", async () => {
    const bare = (await ask({}, { text: "And?" })).usage!.promptTokens;
    const history = [
      { role: "user", content: "What is k1?" },
      { role: "assistant", content: `A constant. ${HOSTILE}` },
    ] as const;
    const query = { id: "q", text: "And?", history };
    const full = await ask({ system_prompt: "You answer from a handbook, in as few words as can be." }, { query });
    expect(full.usage!.promptTokens).toBeGreaterThan(bare + 30);
    // By the prompt it is one message instead of three; put both ways it would be there twice.
    const counts = new Map<string, number>();
    for (const how of ["none", "prompt", "messages"] as const) {
      counts.set(how, (await ask({ history: how }, { query })).usage!.promptTokens);
    }
    expect(counts.get("none")).toBe(bare);
    expect(Math.abs(counts.get("messages")! - counts.get("prompt")!)).toBeLessThan(15);
  });

  it("stops between tokens when it is aborted, and answers the next question", async () => {
    const stop = new AbortController();
    const reason = new Error("interrupted");
    const answer = made({ max_tokens: 400 }).answer(requestOf({ passages: [] }), stop.signal);
    setTimeout(() => stop.abort(reason), 150);
    await expect(answer).rejects.toBe(reason);
    expect((await ask({ max_tokens: 2 })).usage!.completionTokens).toBe(2);
  });
});

describe("a model that cannot be used", () => {
  const problemOf = async (promise: Promise<unknown>) => {
    const error = await promise.then(
      () => expect.unreachable("it was opened"),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UnavailableError);
    return (error as UnavailableError).problems[0]!;
  };

  it.skipIf(!hasLocalModel)(`is named with its place when its file is no model${NO_LOCAL_MODEL}`, async () => {
    const path = join(await tempFolder({}), "m.gguf");
    await writeFile(path, "no model");
    const problem = await problemOf(opened({ path }));
    expect(problem).toMatchObject({ code: "E_LOCAL_MODEL", where: "systems/mine.yaml /generator/path" });
    expect(problem.got).not.toContain("\u001b");
  });

  it("is told how to get what runs it where that is missing", async () => {
    expect(await problemOf(loadLlama(["no-such-package", "file:///no/such/module.js"]))).toMatchObject({
      code: "E_LLAMA_MISSING",
      fix: expect.stringContaining("npm run local-model"),
    });
  });

  it("tells a package that is there and broken from one that is missing", async () => {
    const folder = await tempFolder({
      "index.mjs": 'import "no-such-part";\n',
      "bad.mjs": "throw new Error('too old');\n",
    });
    for (const [file, got] of [
      ["index.mjs", "no-such-part"],
      ["bad.mjs", "too old"],
    ]) {
      const problem = await problemOf(loadLlama([`file://${folder}/${file}`, "no-such-package"]));
      expect(problem.code).toBe("E_LLAMA_BROKEN");
      expect(problem.got).toContain(got);
    }
  });
});
