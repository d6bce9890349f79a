import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenAiConfig } from "../../config/system-schema.ts";
import type { Generator } from "../../core/contracts.ts";
import type { SystemDeps } from "../build-system.ts";
import { buildForTest, openAi } from "../testing/build-for-test.ts";
import { completion, event, type FaultServer, faultServer, json, raw, streamed } from "../testing/fault-server.ts";
import { describeGenerator, requestOf } from "../testing/generator-conformance.ts";

const KEY = "key-SECRET0123456789abcdef";
const signal = new AbortController().signal;

let server: FaultServer;
beforeEach(async () => {
  server = await faultServer(streamed(["8", "K"]));
});
afterEach(() => server[Symbol.asyncDispose]());

async function generator(more: Partial<OpenAiConfig> = {}, deps: Partial<SystemDeps> = {}): Promise<Generator> {
  return (await buildForTest(openAi(server.url, more), [], deps)).generator!;
}

/** Tells when the client has the first piece, so that a server sends the rest later than that, however busy the machine is. */
function firstToken() {
  let onToken = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    onToken = resolve;
  });
  return { first, onToken };
}

describeGenerator("openai, streaming", () => generator());
describeGenerator("openai, not streaming", async () => {
  server.reply(completion("8K"));
  return generator({ stream: false });
});

describe("a reply", () => {
  it("that is streamed gives text, usage, finish and the time to the first token", async () => {
    const { first, onToken } = firstToken();
    server.reply(streamed(["8", "K ", "tokens"], async (at) => (at === 1 ? first.then(() => delay(30)) : delay(15))));
    const answer = await (await generator()).answer({ ...requestOf(), onToken }, signal);
    expect(answer).toMatchObject({
      text: "8K tokens",
      finish: "stop",
      usage: { promptTokens: 11, completionTokens: 3 },
    });
    expect(answer.timing.source).toBe("measured");
    expect(answer.timing.firstTokenMs).toBeGreaterThan(10);
    expect(answer.timing.ms).toBeGreaterThan(answer.timing.firstTokenMs! + 20);
  });

  it("that is whole has no time to the first token", async () => {
    server.reply(completion("8K"));
    const answer = await (await generator({ stream: false })).answer(requestOf(), signal);
    expect(answer).toMatchObject({ text: "8K", usage: { promptTokens: 11, completionTokens: 3 } });
    expect(answer.timing.firstTokenMs).toBeUndefined();
  });

  it("that is whole though a stream was asked for is read", async () => {
    server.reply(completion("8K"));
    expect((await (await generator()).answer(requestOf(), signal)).text).toBe("8K");
  });

  it("that is JSON under the wrong content type is read", async () => {
    const body = JSON.stringify({ choices: [{ message: { content: "8K" }, finish_reason: "stop" }] });
    server.reply(raw(body, { "content-type": "text/plain" }));
    expect((await (await generator({ stream: false })).answer(requestOf(), signal)).text).toBe("8K");
  });

  it("that hit the token limit says so", async () => {
    server.reply(completion("8", { choices: [{ message: { content: "8" }, finish_reason: "length" }] }));
    expect((await (await generator({ stream: false })).answer(requestOf(), signal)).finish).toBe("length");
  });

  it.each([
    [{ cached_tokens: 8 }, { cachedPromptTokens: 8 }],
    [{ cached_tokens: -1 }, {}],
    [null, {}],
  ])("says how many tokens the server had in its own cache: %j", async (details, more) => {
    const usage = { prompt_tokens: 11, completion_tokens: 3, prompt_tokens_details: details };
    server.reply(completion("8K", { usage }));
    const answer = await (await generator()).answer(requestOf(), signal);
    expect(answer.usage).toEqual({ promptTokens: 11, completionTokens: 3, ...more });
  });

  it("without usage has none", async () => {
    server.reply(completion("8K", { usage: null }));
    expect((await (await generator()).answer(requestOf(), signal)).usage).toBeUndefined();
  });

  it("marked as a refusal is one", async () => {
    server.reply(json({ choices: [{ message: { content: null, refusal: "I cannot help." }, finish_reason: "stop" }] }));
    const answer = await (await generator({ stream: false })).answer(requestOf(), signal);
    expect(answer).toMatchObject({ text: "I cannot help.", refused: true });
  });

  it("leaves refusal to the detector when the server does not mark it", async () => {
    server.reply(completion("I do not know."));
    expect((await (await generator()).answer(requestOf(), signal)).refused).toBeUndefined();
  });

  it("of 1 MB, with markup and terminal escapes, comes through as it is", async () => {
    const text = `<script>alert(1)</script>\u001b[2J${"x".repeat(1_000_000)}é`;
    server.reply(streamed([text]));
    expect((await (await generator()).answer(requestOf(), signal)).text).toBe(text);
  });

  it("with characters split over packets comes through whole", async () => {
    server.reply(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const bytes = Buffer.from(event({ choices: [{ delta: { content: "東京 é" }, finish_reason: "stop" }] }));
      for (const byte of bytes) {
        response.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    expect((await (await generator()).answer(requestOf(), signal)).text).toBe("東京 é");
  });

  it("has its marker and what stands before it parsed off, and keeps the raw text", async () => {
    server.reply(streamed(["The page says ##begin_quote##8,192##end_quote##. <ANS", "WER>: 8K"]));
    const answer = await (await generator({ answer_marker: "<ANSWER>:" })).answer(requestOf(), signal);
    expect(answer.text).toBe("8K");
    expect(answer.raw).toBe("The page says ##begin_quote##8,192##end_quote##. <ANSWER>: 8K");
  });

  it("that only reasons counts as begun when the reasoning begins", async () => {
    const { first, onToken } = firstToken();
    server.reply(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(event({ choices: [{ delta: { reasoning_content: "hm" }, finish_reason: null }] }));
      await first.then(() => delay(40));
      response.end(event({ choices: [{ delta: { content: "8K" }, finish_reason: "stop" }] }));
    });
    const { timing } = await (await generator()).answer({ ...requestOf(), onToken }, signal);
    expect(timing.ms - timing.firstTokenMs!).toBeGreaterThan(25);
  });
});

describe("a request", () => {
  it("holds the settings, the system prompt, the history and the question, in that order", async () => {
    const history = [
      { role: "user", content: "What is k1?" },
      { role: "assistant", content: "A parameter." },
    ] as const;
    const built = await generator({
      system_prompt: "Be brief.",
      top_p: 0.9,
      seed: 7,
      stop: ["\n\n"],
      temperature: 0.2,
    });
    await built.answer({ ...requestOf(), query: { id: "q", text: "And b?", history } }, signal);
    const { path, body } = server.seen[0]!;
    expect(path).toBe("/v1/chat/completions");
    expect(body).toMatchObject({
      model: "small",
      temperature: 0.2,
      top_p: 0.9,
      seed: 7,
      stop: ["\n\n"],
      max_tokens: 64,
      stream: true,
      stream_options: { include_usage: true },
    });
    const messages = body.messages as { role: string; content: string }[];
    expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(messages[3]!.content).toContain("Question: And b?");
    expect(messages[3]!.content).toContain("The default of k1 is 1.2.");
  });

  it("leaves out what the file leaves out", async () => {
    await (await generator({ stream: false })).answer(requestOf(), signal).catch(() => undefined);
    expect(Object.keys(server.seen[0]!.body).sort()).toEqual([
      "max_tokens",
      "messages",
      "model",
      "stream",
      "temperature",
    ]);
  });

  it("carries the key, and nothing about this machine", async () => {
    await (await generator({ api_key_env: "K" }, { env: { K: KEY } })).answer(requestOf(), signal);
    const { headers } = server.seen[0]!;
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(headers["user-agent"]).toBe("plumbline");
    expect(Object.keys(headers).filter((name) => name.startsWith("x-"))).toEqual([]);
  });

  it("carries no authorization when no key is named", async () => {
    await (await generator()).answer(requestOf(), signal);
    expect(server.seen[0]!.headers.authorization).toBeUndefined();
  });

  it("turns a user name in the address into a header, and keeps a query string", async () => {
    const url = new URL(server.url);
    const address = `http://me:pass%20word@${url.host}/v1?version=2`;
    const built = await buildForTest(openAi(address));
    await built.generator!.answer(requestOf(), signal);
    const { headers, path } = server.seen[0]!;
    expect(headers.authorization).toBe(`Basic ${Buffer.from("me:pass word").toString("base64")}`);
    expect(path).toBe("/v1/chat/completions?version=2");
  });
});
