import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenAiConfig } from "../../config/system-schema.ts";
import type { Generator } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import type { SystemDeps } from "../build-system.ts";
import { buildForTest, openAi, systemOf } from "../testing/build-for-test.ts";
import {
  completion,
  event,
  type FaultServer,
  faultServer,
  hangUp,
  json,
  raw,
  silent,
  streamed,
} from "../testing/fault-server.ts";
import { requestOf } from "../testing/generator-conformance.ts";

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

async function failure(more: Partial<OpenAiConfig> = {}, deps: Partial<SystemDeps> = {}): Promise<SystemFailure> {
  const error: unknown = await (await generator(more, deps)).answer(requestOf(), signal).then(
    (answer) => expect.unreachable(`answered ${JSON.stringify(answer).slice(0, 200)}`),
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(SystemFailure);
  return error as SystemFailure;
}

describe("a failure", () => {
  it("of a server that is down", async () => {
    await server[Symbol.asyncDispose]();
    const error = await failure();
    // More often than max_attempts: no connection, no attempt at an answer. In real time the run ends before.
    expect(error).toMatchObject({ code: "E_ENDPOINT_UNREACHABLE", retryable: true, attempts: 12 });
    expect(error.message).toContain("ECONNREFUSED");
    server = await faultServer();
  });

  it("of a name that does not exist", async () => {
    const { generator: lost } = await buildForTest(openAi("http://no-such-host.invalid/v1", { max_attempts: 1 }));
    await expect(lost!.answer(requestOf(), signal)).rejects.toMatchObject({ code: "E_ENDPOINT_UNREACHABLE" });
  });

  it("of a server that hangs up", async () => {
    server.reply(hangUp);
    expect(await failure()).toMatchObject({ code: "E_ENDPOINT_UNREACHABLE", attempts: 3 });
  });

  it("of a server that takes the question and is silent", async () => {
    server.reply(silent);
    expect(await failure({ timeout_s: 0.1, max_attempts: 2 })).toMatchObject({
      code: "E_ENDPOINT_TIMEOUT",
      attempts: 2,
    });
  });

  it("of a stream that stalls in the middle", async () => {
    server.reply((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(event({ choices: [{ delta: { content: "8" }, finish_reason: null }] }));
    });
    expect(await failure({ timeout_s: 0.1, max_attempts: 1 })).toMatchObject({ code: "E_ENDPOINT_TIMEOUT" });
  });

  it("of a stream that is always a little alive but never ends", async () => {
    server.reply(
      streamed(
        Array.from({ length: 100 }, () => "x"),
        () => delay(10),
      ),
    );
    expect(await failure({ timeout_s: 0.15, max_attempts: 1 })).toMatchObject({ code: "E_ENDPOINT_TIMEOUT" });
  });

  it.each([
    [400, "E_ENDPOINT_STATUS", 1],
    [404, "E_ENDPOINT_STATUS", 1],
    [408, "E_ENDPOINT_STATUS", 3],
    [500, "E_ENDPOINT_STATUS", 3],
    [501, "E_ENDPOINT_STATUS", 1],
    [503, "E_ENDPOINT_STATUS", 3],
    [429, "E_ENDPOINT_RATE_LIMIT", 3],
    [401, "E_ENDPOINT_REFUSED_KEY", 1],
    [403, "E_ENDPOINT_REFUSED_KEY", 1],
  ])("of status %d is %s after %d attempts", async (status, code, attempts) => {
    server.reply(json({ error: { message: "because" } }, status));
    const error = await failure();
    expect(error).toMatchObject({ code, attempts, retryable: attempts > 1 });
    // What a server says when it refuses a key may hold parts of the key.
    expect(error.message).toContain(status === 401 ? "401" : `${status} because`);
    if (status === 401) expect(error.message).not.toContain("because");
    expect(server.seen).toHaveLength(attempts);
  });

  it("of a used-up quota is not tried again", async () => {
    server.reply(json({ error: { message: "no credit", code: "insufficient_quota" } }, 429));
    expect(await failure()).toMatchObject({ code: "E_ENDPOINT_QUOTA", attempts: 1, retryable: false });
  });

  it("of a redirect is not followed elsewhere", async () => {
    await using other = await faultServer(completion("8K"));
    server.reply(raw("", { location: `${other.url}/chat/completions` }, 307));
    expect(await failure()).toMatchObject({ code: "E_ENDPOINT_STATUS", attempts: 1 });
    expect(other.seen).toEqual([]);
  });

  it.each([
    ["a page of HTML", raw("<!doctype html><title>Sign in</title>", { "content-type": "text/html" }), 1, "HTML"],
    ["half a JSON", raw('{"choices":[{"message":{"content":"8', { "content-type": "application/json" }), 3, "cut off"],
    ["an empty body", raw("", { "content-type": "application/json" }), 1, "an empty body"],
    ["no choices", json({ choices: [] }), 1, "choices"],
    ["choices that are none", json({ choices: "8K" }), 1, "choices"],
    ["a choice that is null", json({ choices: [null] }), 1, "choices"],
    ["a message without text", json({ choices: [{ message: { content: 8 } }] }), 1, "message"],
    ["JSON that is no object", json(null), 1, "choices"],
    ["an error with status 200", json({ error: { message: "overloaded" } }), 1, "overloaded"],
    [
      "a stream that ends early",
      raw(event({ choices: [{ delta: { content: "8" } }] }), { "content-type": "text/event-stream" }),
      3,
      "ended before",
    ],
    ["an empty stream", raw("data: [DONE]\n\n", { "content-type": "text/event-stream" }), 3, "ended before"],
    ["a stream of HTML", raw("<html>", { "content-type": "text/event-stream" }), 3, "ended before"],
    [
      "a stream with half a JSON",
      raw('data: {"choices":[{"del\n\n', { "content-type": "text/event-stream" }),
      3,
      "not JSON",
    ],
    [
      "an error in the stream",
      raw(event({ error: { message: "out of memory" } }), { "content-type": "text/event-stream" }),
      3,
      "out of memory",
    ],
  ])("of %s", async (_title, reply, attempts, words) => {
    server.reply(reply);
    const error = await failure();
    expect(error).toMatchObject({ code: "E_ENDPOINT_REPLY", attempts });
    expect(error.message).toContain(words);
  });

  it("of a body that breaks off", async () => {
    server.reply((response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"choices":');
      setTimeout(() => response.destroy(), 10);
    });
    expect(await failure({ stream: false })).toMatchObject({ code: "E_ENDPOINT_REPLY", attempts: 3 });
  });

  it("of a reply without end", async () => {
    server.reply((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(1 << 20)));
      };
      response.on("drain", more);
      more();
    });
    const error = await failure();
    expect(error).toMatchObject({ code: "E_ENDPOINT_REPLY", attempts: 1 });
    expect(error.message).toContain("more than 16777216 bytes");
  });

  it("shows nothing hostile that the server says", async () => {
    server.reply(json({ error: { message: `\u001b[2J\u0007${"x".repeat(5000)}\n\nmore` } }, 400));
    const { message } = await failure();
    expect(message).not.toMatch(/[\u0000-\u001f]/);
    expect(message.length).toBeLessThan(400);
  });
});

describe("a second attempt", () => {
  it("succeeds after a 500, and its time is its own", async () => {
    server.reply(
      async (response) => {
        await new Promise((resolve) => setTimeout(resolve, 150));
        response.writeHead(500).end();
      },
      streamed(["8K"]),
    );
    const answer = await (await generator()).answer(requestOf(), signal);
    expect(answer.text).toBe("8K");
    expect(answer.timing.ms).toBeLessThan(140);
    expect(server.seen).toHaveLength(2);
  });

  const waits = async (retryAfter: string | undefined, more: Partial<SystemDeps> = {}): Promise<number[]> => {
    const slept: number[] = [];
    server.reply(json({}, 429, retryAfter === undefined ? {} : { "retry-after": retryAfter }), streamed(["8K"]));
    const clock = { now: () => Date.parse("2026-01-02T03:04:00Z"), monotonic: () => 0 };
    const sleep = async (ms: number): Promise<void> => void slept.push(ms);
    await (await generator({}, { clock, sleep, ...more })).answer(requestOf(), signal).catch(() => undefined);
    return slept;
  };

  it("comes after the seconds that Retry-After says", async () => expect(await waits("7")).toEqual([7000]));
  it("comes at the date that Retry-After says", async () =>
    expect(await waits("Fri, 02 Jan 2026 03:04:20 GMT")).toEqual([20_000]));
  it("comes after a back-off with jitter when nothing is said", async () => {
    expect(await waits(undefined, { random: () => 0.5 })).toEqual([375]);
  });
  it("comes after no less than the back-off when the server says 0", async () =>
    expect(await waits("0")).toEqual([250]));
  it("does not come when the server asks for an hour", async () => expect(await waits("3600")).toEqual([]));

  it("backs off longer each time", async () => {
    const slept: number[] = [];
    server.reply(json({}, 503));
    await failure({ max_attempts: 5 }, { sleep: async (ms) => void slept.push(ms) });
    expect(slept).toEqual([250, 500, 1000, 2000]);
  });
});

describe("secrets", () => {
  it.each([
    ["as it is", (key: string) => key],
    ["in the middle of a long text", (key: string) => `${"x".repeat(190)}${key}`],
    ["URL-encoded", (key: string) => encodeURIComponent(`${key}`)],
    ["in a header line", (key: string) => `Authorization: Bearer ${key}`],
  ])("a key that the server echoes %s is not in the message", async (_title, echo) => {
    for (const reply of [
      json({ error: { message: echo(KEY) } }, 401),
      raw(echo(KEY), { "content-type": "text/plain" }),
      raw(`${"y".repeat(60)}${echo(KEY)}`, { "content-type": "text/plain" }),
      raw(event({ error: { message: echo(KEY) } }), { "content-type": "text/event-stream" }),
    ]) {
      server.reply(reply);
      const error = await failure({ api_key_env: "K" }, { env: { K: KEY } });
      for (const text of [error.message, error.stack ?? "", JSON.stringify(error), String(error.cause)]) {
        expect(text).not.toContain("SECRET");
        expect(text).not.toContain("456789");
      }
    }
  });

  it("a key that the server puts into an answer is not in the answer, streamed or whole", async () => {
    for (const reply of [
      streamed([`yours is ${KEY.slice(0, 9)}`, `${KEY.slice(9)}, ok`]),
      completion(`yours is ${KEY}, ok`),
    ]) {
      server.reply(reply);
      const asked = await generator({ api_key_env: "K" }, { env: { K: KEY } });
      const answer = await asked.answer(requestOf(), signal);
      expect(answer.text).toBe("yours is [redacted], ok");
      expect(JSON.stringify(answer)).not.toContain("SECRET");
    }
  });

  it("a placeholder key and the server's own address may be words of an answer", async () => {
    const said = `An EMPTY key works at ${new URL(server.url).host}`;
    server.reply(completion(said));
    const config = openAi(server.url, { api_key_env: "K" });
    const built = await buildForTest(systemOf(config, { publicConfig: openAi("${RAFT_URL}") }), [], {
      env: { K: "EMPTY" },
    });
    expect((await built.generator!.answer(requestOf(), signal)).text).toBe(said);
  });

  it("an address from a variable is shown as the file writes it", async () => {
    const config = openAi(server.url.replace("//", "//me:hunter2hunter2@"), { max_attempts: 1 });
    const built = await buildForTest(systemOf(config, { publicConfig: openAi("${RAFT_URL}") }));
    const host = new URL(server.url).host;
    server.reply(json({ error: { message: `no route at ${host} for me:hunter2hunter2` } }, 404));
    const error = (await built.generator!.answer(requestOf(), signal).catch((e: unknown) => e)) as SystemFailure;
    expect(error.message).toContain("${RAFT_URL} answered 404");
    expect(error.message).not.toContain(host);
    expect(error.message).not.toContain("hunter2");
  });
});

describe("an abort", () => {
  it("while the server is silent ends the call at once, with the reason and without another attempt", async () => {
    const controller = new AbortController();
    server.reply(() => controller.abort(new Error("interrupted")));
    const call = (await generator()).answer(requestOf(), controller.signal);
    await expect(call).rejects.toThrow("interrupted");
    expect(server.seen).toHaveLength(1);
  });

  it("in the middle of a stream closes the connection", async () => {
    let closed: Promise<unknown> | undefined;
    server.reply((response) => {
      closed = once(response, "close");
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(event({ choices: [{ delta: { content: "8" }, finish_reason: null }] }));
    });
    const controller = new AbortController();
    const onToken = (): void => controller.abort(new Error("interrupted"));
    const call = (await generator()).answer({ ...requestOf(), onToken }, controller.signal);
    await expect(call).rejects.toThrow("interrupted");
    await closed!;
  });

  it("while waiting for the next attempt ends the wait", async () => {
    server.reply(json({}, 429, { "retry-after": "60" }));
    const controller = new AbortController();
    const call = (await generator({}, { sleep: undefined! })).answer(requestOf(), controller.signal);
    setTimeout(() => controller.abort(new Error("interrupted")), 50);
    await expect(call).rejects.toThrow("interrupted");
  });

  it("watched by a hundred calls at once raises no warning", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on("warning", note);
    const controller = new AbortController();
    const built = await generator();
    await Promise.all(Array.from({ length: 100 }, () => built.answer(requestOf(), controller.signal)));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });
});
