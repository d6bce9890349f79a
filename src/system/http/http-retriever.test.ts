import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpRetrieverConfig } from "../../config/retriever-schema.ts";
import { SystemFailure, UnavailableError } from "../../core/errors.ts";
import type { SystemDeps } from "../build-system.ts";
import { buildForTest, systemOf } from "../testing/build-for-test.ts";
import { type FaultServer, faultServer, hangUp, json, type Reply, raw, silent } from "../testing/fault-server.ts";
import { OUTSIDE, rankOutside } from "../testing/outside-corpus.ts";
import { describeRetriever } from "../testing/retriever-conformance.ts";

const KEY = "key-SECRET0123456789abcdef";
const signal = new AbortController().signal;
const QUERY = { id: "q1", text: 'ranking of "passages"\n\\ by scores' };

/** Ranks what is asked for, as Elasticsearch replies. */
const search: Reply = (response, request) => {
  const { query, k } = request.body as { query: string; k: number };
  const hits = rankOutside(query, k).map(({ id, score, text }) => ({ _id: id, _score: score, _source: { text } }));
  return json({ hits: { hits } })(response, request);
};

let server: FaultServer;
beforeEach(async () => {
  server = await faultServer(search);
});
afterEach(() => server[Symbol.asyncDispose]());

const configOf = (url: string, more: Partial<HttpRetrieverConfig> = {}): HttpRetrieverConfig => ({
  kind: "http",
  url,
  method: "POST",
  body: '{"query": {{json query}}, "k": {{k}}}',
  ids: "/hits/hits/*/_id",
  scores: "/hits/hits/*/_score",
  scores_are: "similarities",
  timeout_s: 5,
  max_attempts: 3,
  concurrency: 4,
  ...more,
});

async function build(more: Partial<HttpRetrieverConfig> = {}, deps: Partial<SystemDeps> = {}) {
  const retriever = configOf(server.url, more);
  for (const key of Object.keys(more) as (keyof HttpRetrieverConfig)[])
    if (more[key] === undefined) delete retriever[key];
  return buildForTest({ retriever }, OUTSIDE, deps);
}
const ask = async (more: Partial<HttpRetrieverConfig> = {}, deps: Partial<SystemDeps> = {}, k = 3) =>
  (await (await build(more, deps)).retriever!.search([QUERY], k, signal))[0]!;
const failure = (more: Partial<HttpRetrieverConfig> = {}, deps: Partial<SystemDeps> = {}): Promise<SystemFailure> =>
  ask(more, deps).then(
    (ranking) => expect.unreachable(JSON.stringify(ranking)),
    (error: SystemFailure) => {
      expect(error).toBeInstanceOf(SystemFailure);
      return error;
    },
  );

describeRetriever("http", async () => (await build()).retriever!);

describe("a search server", () => {
  it("gets the question whole, whatever is in it", async () => {
    await ask();
    expect(server.seen[0]).toMatchObject({ method: "POST", path: "/v1", body: { query: QUERY.text, k: 3 } });
  });

  it("may be asked with GET, the question in the query string", async () => {
    server.reply(json([{ id: "p1" }]));
    const params = { q: "{{query}}", size: "{{k}}" };
    await ask({ method: "GET", body: undefined!, params, ids: "/*/id", scores: undefined! });
    const { searchParams } = new URL(server.seen[0]!.path, "http://x");
    expect(Object.fromEntries(searchParams)).toEqual({ q: QUERY.text, size: "3" });
  });

  it("may be told what was said before", async () => {
    const body = '{"messages": [{{#each history}}{{json content}}, {{/each}}{{json query}}]}';
    server.reply(json({ hits: { hits: [] } }));
    const history = [{ role: "user" as const, content: 'a "b"' }];
    await (await build({ body })).retriever!.search([{ ...QUERY, history }], 1, signal);
    expect(server.seen[0]!.body).toEqual({ messages: ['a "b"', QUERY.text] });
  });

  it("may reply with lists side by side, distances and numbers as ids", async () => {
    server.reply(json({ ids: [["p2", "p1", 7]], distances: [[0, 0.5, 0.25]] }));
    const ranking = await ask({ ids: "/ids/0", scores: "/distances/0", scores_are: "distances" });
    expect(ranking.map(([, score]) => score)).toEqual([-0, -0.25, -0.5]);
    expect(ranking[0]![0]).toBe("p2");
  });

  it("without scores is believed in its order", async () => {
    server.reply(json(["p3", "p1", "p3", "p2"]));
    expect(await ask({ ids: "/*", scores: undefined! })).toEqual([
      ["p3", 1],
      ["p1", 1 / 2],
      ["p2", 1 / 4],
    ]);
  });

  it("that returns more than was asked for is cut", async () => {
    server.reply(json(["p3", "p1", "p2"]));
    expect(await ask({ ids: "/*", scores: undefined! }, {}, 2)).toHaveLength(2);
  });

  it("returns passages that are found by their text, or keep their rank as unknown", async () => {
    server.reply(
      json([
        { t: "SCORES are sums\tof weights." },
        { t: "News." },
        { t: "ranking RANKING of passages by their scores." },
      ]),
    );
    const system = await build({ ids: undefined!, texts: "/*/t", scores: undefined! });
    const [ranking] = await system.retriever!.search([QUERY], 3, signal);
    const [again] = await system.retriever!.search([QUERY], 3, signal);
    expect(ranking!.map(([id]) => id)).toEqual(["p2", expect.stringMatching(/^unknown:[0-9a-f]{16}$/), "p1"]);
    expect(again).toEqual(ranking);
    expect(system.notes()).toEqual([
      expect.stringContaining('2 of 6 returned passages are not in the corpus, such as "News."'),
      expect.stringContaining("4 of 6 returned passages were found by their text"),
    ]);
  });

  it("is known by id first", async () => {
    server.reply(
      json([
        { id: "p1", t: OUTSIDE[2]!.text },
        { id: "x", t: OUTSIDE[2]!.text },
        { id: "y", t: "?" },
      ]),
    );
    const ranking = await ask({ ids: "/*/id", texts: "/*/t", scores: undefined! });
    expect(ranking.map(([id]) => id)).toEqual(["p1", "p3", expect.stringMatching(/^unknown:/)]);
  });

  it("is asked no more than `concurrency` questions at once", async () => {
    let [running, most] = [0, 0];
    server.reply(async (response, request) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      await search(response, request);
    });
    const system = await build({ concurrency: 2 });
    expect(system.concurrency).toBe(2);
    const queries = Array.from({ length: 12 }, (_, n) => ({ ...QUERY, id: `q${n}` }));
    expect(await system.retriever!.search(queries, 2, signal)).toHaveLength(12);
    expect(most).toBe(2);
  });
});

describe("a failure of a search server", () => {
  it.each([
    ["that hangs up", hangUp, "E_ENDPOINT_UNREACHABLE", 3, ""],
    ["of status 500", json({ error: "disk" }, 500), "E_ENDPOINT_STATUS", 3, "500"],
    ["of status 404", json({ error: "no index" }, 404), "E_ENDPOINT_STATUS", 1, "no index"],
    ["of status 429", json({}, 429), "E_ENDPOINT_RATE_LIMIT", 3, "429"],
    ["of status 401", json({}, 401), "E_ENDPOINT_REFUSED_KEY", 1, "does not take the key"],
    ["with a page of HTML", raw("<html>", { "content-type": "text/html" }), "E_ENDPOINT_REPLY", 1, "no JSON"],
    ["with an empty body", raw("", {}), "E_ENDPOINT_REPLY", 1, "empty body"],
    ["with half a JSON", raw('{"hits":', {}), "E_ENDPOINT_REPLY", 3, "JSON that is cut off"],
    ["with bytes that are no text", raw(Buffer.from([0x22, 0xff, 0x22]), {}), "E_ENDPOINT_REPLY", 1, "no UTF-8"],
    ["with another shape", json({ results: [] }), "E_ENDPOINT_REPLY", 1, "nothing at ids: /hits/hits/*/_id"],
    ["with a hit without score", json({ hits: { hits: [{ _id: "p1" }] } }), "E_ENDPOINT_REPLY", 1, "nothing at scores"],
    ["with a score that is text", json({ hits: { hits: [{ _id: "p1", _score: "1" }] } }), "E_ENDPOINT_REPLY", 1, '"1"'],
    [
      "with a score too large",
      raw('{"hits":{"hits":[{"_id":"p1","_score":1e300}]}}', {}),
      "E_ENDPOINT_REPLY",
      1,
      "1e+300",
    ],
    ["with an id that is none", json({ hits: { hits: [{ _id: null, _score: 1 }] } }), "E_ENDPOINT_REPLY", 1, "null"],
    ["with a redirect", raw("", { location: "http://x.invalid/" }, 302), "E_ENDPOINT_STATUS", 1, "302"],
  ])("%s", async (_title, reply, code, attempts, words) => {
    server.reply(reply);
    const error = await failure();
    expect(error).toMatchObject({ code, attempts });
    expect(error.message).toContain(words);
    expect(server.seen).toHaveLength(attempts);
  });

  it("that is silent", async () => {
    server.reply(silent);
    expect(await failure({ timeout_s: 0.1, max_attempts: 2 })).toMatchObject({
      code: "E_ENDPOINT_TIMEOUT",
      attempts: 2,
    });
  });

  it("that breaks off", async () => {
    server.reply((response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("{");
      setTimeout(() => response.destroy(), 10);
    });
    expect(await failure()).toMatchObject({ code: "E_ENDPOINT_REPLY", attempts: 3 });
  });

  it("that never stops", async () => {
    server.reply((response) => {
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(1 << 20)));
      };
      response.on("drain", more);
      more();
    });
    expect((await failure()).message).toContain("more than 16777216 bytes");
  });

  it("is forgotten when a later attempt succeeds", async () => {
    server.reply(json({}, 503), search);
    expect(await ask()).toHaveLength(3);
  });

  it("shows no key, address or control character, whatever the server echoes", async () => {
    const host = new URL(server.url).host;
    for (const reply of [
      json({ e: `Bearer ${KEY} at ${host} \u001b[2J` }, 400),
      raw(`${"x".repeat(150)}${KEY}\u0007`, {}),
    ]) {
      server.reply(reply);
      const config = { retriever: configOf(server.url, { headers_env: { Authorization: "AUTH", "x-key": "K" } }) };
      const publicConfig = { retriever: { ...config.retriever, url: "${SEARCH_URL}" } };
      const env = { AUTH: `Bearer ${KEY}`, K: KEY };
      const system = await buildForTest(systemOf(config, { publicConfig }), OUTSIDE, { env });
      const error = (await system.retriever!.search([QUERY], 1, signal).catch((e: unknown) => e)) as SystemFailure;
      expect(server.seen.at(-1)!.headers).toMatchObject({ authorization: `Bearer ${KEY}`, "x-key": KEY });
      for (const text of [error.message, error.stack!, JSON.stringify(error), String(error.cause)]) {
        expect(text).not.toMatch(/SECRET|456789|[\u0007\u001b]/);
        expect(text).not.toContain(host);
      }
      expect(error.message).toContain("${SEARCH_URL}");
    }
  });

  it("an abort ends the call at once, with its reason", async () => {
    server.reply(silent);
    const controller = new AbortController();
    const call = (await build()).retriever!.search([QUERY], 1, controller.signal);
    setTimeout(() => controller.abort(new Error("interrupted")), 30);
    await expect(call).rejects.toThrow("interrupted");
  });
});

describe("before the first question", () => {
  it("a server that is down is found", async () => {
    const system = await build();
    await system.preflight(signal);
    await server[Symbol.asyncDispose]();
    const error: unknown = await system.preflight(signal).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as UnavailableError).message).toContain("start the server");
    server = await faultServer();
  });

  it.each([
    ["a body that forgets json", { body: '{"query": "{{query}}"}' }, "write values with json"],
    ["a body that is no JSON", { body: "q={{json query}}" }, "whatever the question"],
    ["a body that does not send the question", { body: '{"query": {{json k}}}' }, "sends the question"],
    ["a template with an unknown name", { body: '{"query": {{json question}}}' }, "{{question}}"],
    ["a template that does not compile", { body: '{"query": {{json query}' }, "a Handlebars template"],
    ["a header without its variable", { headers_env: { authorization: "NO_KEY" } }, "variable NO_KEY"],
  ])("%s is a problem, and nothing is sent", async (_title, more, words) => {
    const error = await build(more).then(
      () => expect.unreachable("built"),
      (e: Error) => e,
    );
    expect(error.message).toContain(words);
    expect(server.seen).toEqual([]);
  });
});
