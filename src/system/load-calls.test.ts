import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GeneratorConfig } from "../config/system-schema.ts";
import type { SystemDeps } from "./build-system.ts";
import { buildForTest, openAi } from "./testing/build-for-test.ts";
import { completion, type FaultServer, faultServer, json, streamed } from "./testing/fault-server.ts";
import { requestOf } from "./testing/generator-conformance.ts";

const signal = new AbortController().signal;

let server: FaultServer;
beforeEach(async () => {
  server = await faultServer(completion("8K"));
});
afterEach(() => server[Symbol.asyncDispose]());

const http = (): { generator: GeneratorConfig } => ({
  generator: {
    kind: "http",
    url: server.url,
    method: "POST",
    body: '{"q": {{json question}}}',
    reply: "sse",
    pieces: "added",
    answer: "/choices/0/delta/content",
    timeout_s: 5,
    max_attempts: 1,
    concurrency: 1,
  },
});

describe("a streamed answer", () => {
  it.each([
    ["openai", () => openAi(server.url)],
    ["http", http],
  ])("tells of each piece as it comes: %s", async (_kind, system) => {
    const pieces = ["8", "K", " tokens"];
    let told = (): void => undefined;
    let count = 0;
    let heard = Promise.resolve();
    // A piece is sent only when the one before was told of: were they told of at the end, nothing would end.
    server.reply(
      streamed(pieces, async () => {
        await heard;
        heard = new Promise((resolve) => {
          told = resolve;
        });
      }),
    );
    const { generator } = await buildForTest(system());
    const onToken = (): void => {
      count += 1;
      told();
    };
    const { text, timing } = await generator!.answer({ ...requestOf(), onToken }, signal);
    expect(text).toBe("8K tokens");
    expect(count).toBe(pieces.length);
    expect(timing.firstTokenMs).toBeDefined();
  });

  it("tells of nothing where the server sends it whole", async () => {
    server.reply(completion("8K"));
    let told = 0;
    const { generator } = await buildForTest(openAi(server.url));
    await generator!.answer({ ...requestOf(), onToken: () => void told++ }, signal);
    expect(told).toBe(0);
  });
});

describe("calls that are not paced", () => {
  /** How many of 12 calls are under way at once; none is answered before so many are. */
  const most = async (expected: number, deps: Partial<SystemDeps>): Promise<number> => {
    let [open, highest] = [0, 0];
    let held: (() => void)[] = [];
    server.reply(async (response, request) => {
      open += 1;
      highest = Math.max(highest, open);
      const enough = new Promise<void>((resolve) => held.push(resolve));
      if (open >= expected) {
        for (const go of held) go();
        held = [];
      }
      await enough;
      open -= 1;
      await completion("8K")(response, request);
    });
    const { generator } = await buildForTest(openAi(server.url, { concurrency: 2 }), [], deps);
    await Promise.all(Array.from({ length: 12 }, () => generator!.answer(requestOf(), signal)));
    return highest;
  };

  it("go at once, whatever concurrency the file names", async () => {
    expect(await most(2, {})).toBe(2);
    expect(await most(12, { unpaced: true })).toBe(12);
  });

  it("go on though the server says that it is too busy", async () => {
    server.reply(json({ error: { message: "later" } }, 429, { "retry-after": "60" }));
    const { generator, pace } = await buildForTest(openAi(server.url, { max_attempts: 1 }), [], { unpaced: true });
    const asked = Array.from({ length: 5 }, () => generator!.answer(requestOf(), signal));
    const ends = await Promise.allSettled(asked);
    expect(ends.map((end) => end.status === "rejected" && end.reason.code)).toEqual(
      Array.from({ length: 5 }, () => "E_ENDPOINT_RATE_LIMIT"),
    );
    expect(server.seen).toHaveLength(5);
    expect(pace()).toEqual([]);
  });
});
