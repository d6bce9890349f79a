import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenAiConfig } from "../../config/system-schema.ts";
import type { SystemDeps } from "../build-system.ts";
import { buildForTest, openAi } from "../testing/build-for-test.ts";
import { completion, type FaultServer, faultServer, json, type Reply, streamed } from "../testing/fault-server.ts";
import { requestOf } from "../testing/generator-conformance.ts";
import { simulatedTime } from "../testing/simulated-time.ts";

const signal = new AbortController().signal;
const ALWAYS = { after_s: 0.05, share: 1 };

let server: FaultServer;
let cut: number;
beforeEach(async () => {
  cut = 0;
  server = await faultServer();
});
afterEach(() => server[Symbol.asyncDispose]());

/** Takes the request, keeps silent, and notices that it was given up. */
const hanging: Reply = (response) => {
  response.on("close", () => {
    cut += 1;
  });
};
/** Waits that are over at once: a second request is due as soon as the first is out. */
const impatient: Partial<SystemDeps> = { sleep: async () => undefined };
const build = (more: Partial<OpenAiConfig>, deps: Partial<SystemDeps> = impatient) =>
  buildForTest(openAi(server.url, { hedge: ALWAYS, max_attempts: 1, ...more }), [], deps);

describe("a request that has no first byte in time", () => {
  it("is sent again as it was; the first whole answer is taken, the other cut off, and the answer says so", async () => {
    server.reply(hanging, streamed(["8", "K"]));
    const { generator, notes } = await build({ seed: 7 });
    const answer = await generator!.answer(requestOf(), signal);
    expect(answer).toMatchObject({ text: "8K", hedged: true, usage: { promptTokens: 11 } });
    expect(server.seen).toHaveLength(2);
    expect(server.seen[1]!.body).toEqual(server.seen[0]!.body);
    await expect.poll(() => cut).toBe(1);
    expect(notes()).toEqual([expect.stringMatching(/base_url: 1 of 1 requests were sent a second time \(hedge\)$/)]);
  });

  it("has its latency counted from the first sending", async () => {
    server.reply(hanging, streamed(["8", "K"]));
    const { generator } = await build({ hedge: { after_s: 3, share: 1 } }, simulatedTime(1000));
    const { timing } = await generator!.answer(requestOf(), signal);
    expect(timing).toEqual({ firstTokenMs: 3000, ms: 3000, source: "measured" });
  });

  it("is sent once where the first byte comes in time, or the file does not say hedge", async () => {
    server.reply(streamed(["8", "K"]));
    const never = {
      sleep: (_: number, own: AbortSignal) => new Promise<void>((_, no) => own.addEventListener("abort", no)),
    };
    const patient = await (await build({}, never)).generator!.answer(requestOf(), signal);
    expect(patient.hedged).toBeUndefined();
    const { hedge: _, ...without } = openAi(server.url).generator as OpenAiConfig;
    const { generator, notes } = await buildForTest({ generator: without }, [], impatient);
    expect(await generator!.answer(requestOf(), signal)).not.toHaveProperty("hedged");
    expect(server.seen).toHaveLength(2);
    expect(notes()).toEqual([]);
  });

  it("counts twice in the budget of requests, and is sent once where that has no room", async () => {
    server.reply(hanging, completion("8K"), completion("9K"));
    const { generator } = await build({ rate: { rpm: 3 }, stream: false });
    expect(await generator!.answer(requestOf(), signal)).toMatchObject({ hedged: true });
    // Two of three are used: room for one.
    expect(await generator!.answer(requestOf(), signal)).not.toHaveProperty("hedged");
    expect(server.seen).toHaveLength(3);
  });

  it("waits for the other one where the second fails, and fails with both, both counted", async () => {
    const late: Reply = async (response, request) => {
      await expect.poll(() => server.seen.length).toBe(2);
      await completion("8K")(response, request);
    };
    server.reply(late, json({ error: { message: "no" } }, 500));
    const { generator } = await build({});
    expect(await generator!.answer(requestOf(), signal)).toMatchObject({ text: "8K", hedged: true });
    const failing: Reply = async (response, request) => {
      await expect.poll(() => server.seen.length).toBe(4);
      await json({ error: { message: "no" } }, 500)(response, request);
    };
    server.reply(failing);
    await expect(generator!.answer(requestOf(), signal)).rejects.toMatchObject({
      code: "E_ENDPOINT_STATUS",
      attempts: 2,
    });
  });

  it("is sent once in a load test: what is measured is the server, not the luckier of two", async () => {
    server.reply(streamed(["8", "K"], () => delay(30)));
    const { generator } = await build({}, { ...impatient, unpaced: true });
    expect(await generator!.answer(requestOf(), signal)).not.toHaveProperty("hedged");
    expect(server.seen).toHaveLength(1);
  });

  it("is sent again by the http generator too", async () => {
    server.reply(hanging, json({ text: "8K" }));
    const keys = { timeout_s: 5, max_attempts: 1, concurrency: 4, hedge: ALWAYS };
    const reading = { method: "POST", reply: "json", pieces: "added", answer: "/text" } as const;
    const generator = { kind: "http", url: server.url, body: '{"q": {{json question}}}', ...reading, ...keys } as const;
    const { generator: built } = await buildForTest({ generator }, [], impatient);
    expect(await built!.answer(requestOf(), signal)).toMatchObject({ text: "8K", hedged: true });
  });
});
