import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpGeneratorConfig } from "../../config/http-generator-schema.ts";
import { type SystemFailure, UnavailableError } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import type { SystemDeps } from "../build-system.ts";
import { buildForTest } from "../testing/build-for-test.ts";
import { type FaultServer, faultServer, hangUp, json, type Reply, raw } from "../testing/fault-server.ts";
import { requestOf } from "../testing/generator-conformance.ts";
import { simulatedTime } from "../testing/simulated-time.ts";

const signal = new AbortController().signal;

/** Answers with the question. */
const echo: Reply = (response, request) => json({ text: `re: ${request.body.q}` })(response, request);

let server: FaultServer;
beforeEach(async () => {
  server = await faultServer(echo);
});
afterEach(() => server[Symbol.asyncDispose]());

const build = (more: Partial<HttpGeneratorConfig>, deps: Partial<SystemDeps>) => {
  const generator: HttpGeneratorConfig = {
    kind: "http",
    url: server.url,
    method: "POST",
    body: '{"q": {{json question}}}',
    reply: "json",
    pieces: "added",
    answer: "/text",
    timeout_s: 5,
    max_attempts: 3,
    concurrency: 4,
    ...more,
  };
  return buildForTest({ generator }, [], deps);
};

describe("trouble with the server", () => {
  it("now and then, of every sort: each question is answered as it was asked, or failed with its reason", async () => {
    const random = seeded("faults");
    const faults: readonly Reply[] = [
      json({}, 429, { "retry-after": "1" }),
      json({}, 500),
      hangUp,
      raw('{"te', {}),
      raw("<html>", { "content-type": "text/html" }),
      raw(Buffer.from([0x22, 0xff, 0x22]), {}),
      (response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("{");
        setTimeout(() => response.destroy(), 2);
      },
    ];
    server.reply((response, request) => {
      const fault = random.float() < 0.2 ? faults[random.below(faults.length)]! : echo;
      return fault(response, request);
    });
    const { generator } = await build({ concurrency: 16, max_attempts: 3 }, simulatedTime());
    const ends = await Promise.all(
      Array.from({ length: 400 }, (_, n) =>
        generator!.answer(requestOf({ id: `q${n}`, text: `${n}?` }), signal).then(
          ({ text }) => text,
          (error: SystemFailure) => error,
        ),
      ),
    );
    const failed = ends.filter((end) => typeof end !== "string");
    for (const [n, end] of ends.entries()) if (typeof end === "string") expect(end).toBe(`re: ${n}?`);
    for (const error of failed) expect(error.code).toMatch(/^E_ENDPOINT_(?:STATUS|RATE_LIMIT|UNREACHABLE|REPLY)$/);
    // A page of HTML and bytes that are no text are not asked for again: 2 faults of 7 in 20 %, about 23 of 400.
    expect(failed.length).toBeGreaterThan(5);
    expect(failed.length).toBeLessThan(60);
  });

  it("that is down for a while ends the run instead of failing every question", async () => {
    const url = server.url;
    await server[Symbol.asyncDispose]();
    const time = simulatedTime();
    const { generator } = await build({ url, max_attempts: 20 }, time);
    const ends = await Promise.all(
      ["a", "b", "c"].map((id) => generator!.answer(requestOf({ id }), signal).catch((error: unknown) => error)),
    );
    for (const error of ends) expect(error).toBeInstanceOf(UnavailableError);
    expect(time.clock.now()).toBeGreaterThan(20_000);
    expect((ends[0] as Error).message).toContain("/generator/url");
    server = await faultServer(echo);
  });

  it("whose budget is used up is not asked before the minute is over", async () => {
    const time = simulatedTime();
    const { generator } = await build({ rate: { rpm: 2 }, concurrency: 1 }, time);
    const before: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      await generator!.answer(requestOf(), signal);
      before.push(Math.floor(time.clock.now() / 60_000));
    }
    expect(server.seen).toHaveLength(5);
    expect(before).toEqual([0, 0, 1, 1, 2]);
  });
});
