import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenAiConfig } from "../../config/system-schema.ts";
import type { Generator } from "../../core/contracts.ts";
import { buildForTest, openAi } from "../testing/build-for-test.ts";
import { completion, event, type FaultServer, faultServer, json } from "../testing/fault-server.ts";
import { describeGenerator, requestOf } from "../testing/generator-conformance.ts";
import { LogProbabilities } from "./log-probabilities.ts";

const signal = new AbortController().signal;

let server: FaultServer;
beforeEach(async () => {
  server = await faultServer(plain("8K"));
});
afterEach(() => server[Symbol.asyncDispose]());

/** A whole plain completion. */
function plain(text: string, logprobs: unknown = null) {
  return json({
    object: "text_completion",
    choices: [{ index: 0, text, logprobs, finish_reason: "stop" }],
    usage: { prompt_tokens: 20, completion_tokens: 2, total_tokens: 22 },
  });
}

async function build(more: Partial<OpenAiConfig> = {}) {
  return buildForTest(openAi(server.url, { api: "completions", ...more }));
}
const generator = async (more: Partial<OpenAiConfig> = {}): Promise<Generator> => (await build(more)).generator!;

describeGenerator("openai, plain completions", () => generator());

const HISTORY = [
  { role: "user", content: "What is k1?" },
  { role: "assistant", content: "A parameter." },
] as const;
const LEANING = { ...requestOf(), query: { id: "q", text: "And b?", history: HISTORY } };

describe("a plain completion", () => {
  it("is asked for with one text that ends where the answer begins, what was said before in it", async () => {
    await (await generator({ stop: ["\n"], seed: 3 })).answer(LEANING, signal);
    const { path, body } = server.seen[0]!;
    expect(path).toBe("/v1/completions");
    expect(body).not.toHaveProperty("messages");
    expect(body).toMatchObject({ model: "small", stop: ["\n"], seed: 3, max_tokens: 64, temperature: 0 });
    expect(body.prompt).toMatch(/user: What is k1\?\nassistant: A parameter\.\n[\s\S]*Question: And b\?\nAnswer:$/);
  });

  it("is read whole, with usage", async () => {
    expect(await (await generator({ stream: false })).answer(requestOf(), signal)).toMatchObject({
      text: "8K",
      finish: "stop",
      usage: { promptTokens: 20, completionTokens: 2 },
    });
  });

  it("is read as a stream, with the time to the first token", async () => {
    server.reply(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      await new Promise((resolve) => setTimeout(resolve, 20));
      response.write(event({ choices: [{ text: " 8", logprobs: { token_logprobs: [-0.5] } }] }));
      response.write(
        event({ choices: [{ text: "K", logprobs: { token_logprobs: [-1.5] }, finish_reason: "length" }] }),
      );
      response.end("data: [DONE]\n\n");
    });
    const answer = await (await generator({ logprobs: true })).answer(requestOf(), signal);
    expect(answer).toMatchObject({ text: "8K", finish: "length", confidence: -1 });
    expect(answer.timing.firstTokenMs).toBeGreaterThan(10);
  });
});

describe("log probabilities", () => {
  const tokens = (...values: unknown[]) => ({ content: values.map((logprob) => ({ token: "t", logprob })) });

  it.each([
    ["of chat", tokens(-0.25, -0.75), -0.5],
    ["of completions", { tokens: ["a", "b"], token_logprobs: [-0.25, -0.75] }, -0.5],
    ["of a refusal", { content: null, refusal: [{ logprob: -2 }] }, -2],
    ["without a value for the first token", { token_logprobs: [null, -3] }, -3],
    ["a little above 0 by rounding", tokens(1e-7, -1), -0.5],
    ["of certainty", tokens(0), 0],
    ["of nothing", tokens(), undefined],
    ["that are none", "yes", undefined],
    ["of hostile form", { content: [null, 7, { logprob: "−1" }, { logprob: Number.NEGATIVE_INFINITY }] }, undefined],
  ])("%s have this mean", (_, value, mean) => {
    const logprobs = new LogProbabilities();
    logprobs.add(value);
    expect(logprobs.mean).toBe(mean);
  });

  it("of a stream are those of all its parts", () => {
    const logprobs = new LogProbabilities();
    for (const part of [null, tokens(-1), undefined, tokens(-2, -3)]) logprobs.add(part);
    expect(logprobs.mean).toBe(-2);
  });

  it("are asked for as each interface has it, and become the confidence", async () => {
    server.reply(plain("8K", { token_logprobs: [-0.5, -0.5] }));
    expect((await (await generator({ logprobs: true })).answer(requestOf(), signal)).confidence).toBe(-0.5);
    server.reply(
      completion("8K", {
        choices: [{ message: { content: "8K" }, logprobs: tokens(-0.125), finish_reason: "stop" }],
      }),
    );
    expect((await (await generator({ api: "chat", logprobs: true })).answer(requestOf(), signal)).confidence).toBe(
      -0.125,
    );
    expect(server.seen.map(({ body }) => body.logprobs)).toEqual([1, true]);
  });

  it("that a server does not give are told of after the run", async () => {
    const built = await build({ logprobs: true });
    expect((await built.generator!.answer(requestOf(), signal)).confidence).toBeUndefined();
    expect(built.notes()).toEqual([expect.stringContaining("no log probabilities with 1 of 1 answers")]);
    expect((await build()).notes()).toEqual([]);
  });
});

describe("a chat request", () => {
  it("adds the trial to the seed, so that trials are not one answer repeated", async () => {
    server.reply(completion("8K"));
    const built = await generator({ api: "chat", seed: 7 });
    for (const trial of [0, 1, 2]) await built.answer(requestOf({ trial }), signal);
    expect(server.seen.map(({ body }) => body.seed)).toEqual([7, 8, 9]);
  });

  it.each([
    ["messages", 3, false],
    ["prompt", 1, true],
    ["none", 1, false],
  ] as const)("with history: %s has %d messages", async (history, count, inPrompt) => {
    server.reply(completion("8K"));
    await (await generator({ api: "chat", history })).answer(LEANING, signal);
    const messages = server.seen[0]!.body.messages as { content: string }[];
    expect(messages).toHaveLength(count);
    expect(messages.at(-1)!.content.includes("A parameter.")).toBe(inPrompt);
  });

  it("carries what only this server knows, and one limit", async () => {
    server.reply(completion("8K"));
    const extra_body = { top_k: 20, chat_template_kwargs: { enable_thinking: false }, max_completion_tokens: 99 };
    await (await generator({ api: "chat", extra_body })).answer(requestOf(), signal);
    expect(server.seen[0]!.body).toMatchObject(extra_body);
    expect(server.seen[0]!.body).not.toHaveProperty("max_tokens");
  });

  it.each([
    [{ code: "context_length_exceeded", message: "too many" }],
    [{ message: "This model's maximum context length is 2048 tokens." }],
    [{ type: "exceed_context_size_error", message: "the request exceeds the available context size" }],
    [{ message: "The input (9000 tokens) is longer than the model's context length (2048 tokens)." }],
  ])("that does not fit the window says so by its code and is not repeated: %j", async (error) => {
    server.reply(json({ error }, 400));
    await expect((await generator({ api: "chat" })).answer(requestOf(), signal)).rejects.toMatchObject({
      code: "E_ENDPOINT_CONTEXT",
      retryable: false,
      attempts: 1,
    });
  });
});
