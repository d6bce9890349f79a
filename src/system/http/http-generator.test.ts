import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpGeneratorConfig } from "../../config/http-generator-schema.ts";
import { SystemFailure, UnavailableError } from "../../core/errors.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import type { SystemDeps } from "../build-system.ts";
import { buildForTest, systemOf } from "../testing/build-for-test.ts";
import {
  event,
  type FaultServer,
  faultServer,
  hangUp,
  json,
  type Reply,
  raw,
  silent,
} from "../testing/fault-server.ts";
import { describeGenerator, requestOf } from "../testing/generator-conformance.ts";

const KEY = "key-SECRET0123456789abcdef";
const signal = new AbortController().signal;
const QUESTION = 'What is "k1"?\n\\ {{k}}';
const MEASURED = { ms: expect.any(Number), source: "measured" };

/** Answers with the question. */
const echo: Reply = (response, request) => json({ out: { text: `re: ${request.body.q}` } })(response, request);
const SSE = { "content-type": "text/event-stream" };
const NDJSON = { "content-type": "application/x-ndjson" };

let server: FaultServer;
beforeEach(async () => {
  server = await faultServer(echo);
});
afterEach(() => server[Symbol.asyncDispose]());

const configOf = (more: Partial<HttpGeneratorConfig> = {}): HttpGeneratorConfig => ({
  kind: "http",
  url: server.url,
  method: "POST",
  body: '{"q": {{json question}}}',
  reply: "json",
  pieces: "added",
  answer: "/out/text",
  timeout_s: 5,
  max_attempts: 3,
  concurrency: 4,
  ...more,
});
const build = (more: Partial<HttpGeneratorConfig> = {}, deps: Partial<SystemDeps> = {}) =>
  buildForTest({ generator: configOf(more) }, [], deps);
const ask = async (more: Partial<HttpGeneratorConfig> = {}, deps: Partial<SystemDeps> = {}) =>
  (await build(more, deps)).generator!.answer(requestOf({ text: QUESTION }), signal);
const failure = (more: Partial<HttpGeneratorConfig> = {}, deps: Partial<SystemDeps> = {}): Promise<SystemFailure> =>
  ask(more, deps).then(
    (answer) => expect.unreachable(JSON.stringify(answer)),
    (error: SystemFailure) => {
      expect(error).toBeInstanceOf(SystemFailure);
      return error;
    },
  );

describeGenerator("http", async () => (await build()).generator!);

describe("a server that answers with one JSON value", () => {
  it("gets the question as it is, and the answer is found by its pointer", async () => {
    expect(await ask()).toEqual({ text: `re: ${QUESTION}`, finish: "stop", timing: MEASURED });
    expect(server.seen[0]).toMatchObject({ method: "POST", path: "/v1", body: { q: QUESTION } });
    expect((await build()).concurrency).toBe(4);
  });

  it("may get passages, history, condition and the prompt", async () => {
    const folder = await tempFolder({ "p.hbs": "{{#each passages}}[{{number}}] {{title}}\n{{/each}}Q: {{question}}" });
    const body = `{"prompt": {{json prompt}}, "docs": {{json passages}}, "said": {{json history}}, "under": {{json condition}},
      "texts": [{{#each passages}}{{json text}}{{#unless @last}}, {{/unless}}{{/each}}]}`;
    const system = systemOf({ generator: configOf({ body, prompt: "p.hbs" }) }, { file: join(folder, "s.yaml") });
    const query = { id: "q", text: "Why?", history: [{ role: "user", content: 'a "b"' }] } as const;
    const passages = [
      { id: "p", document: "d", title: "T", text: "one" },
      { id: "o", document: "d", text: 't"w\no' },
    ];
    const { generator } = await buildForTest(system);
    await generator!.answer(requestOf({ query, passages, condition: "oracle" }), signal);
    expect(server.seen[0]!.body).toEqual({
      prompt: "[1] T\n[2] \nQ: Why?",
      docs: [
        { number: 1, title: "T", text: "one" },
        { number: 2, title: "", text: 't"w\no' },
      ],
      said: [{ role: "user", content: 'a "b"' }],
      under: "oracle",
      texts: ["one", 't"w\no'],
    });
  });

  it("may be asked with GET", async () => {
    server.reply(json({ out: { text: "a" } }));
    const { body: _, ...config } = configOf({ method: "GET", params: { q: "{{question}}", n: "{{passages.length}}" } });
    const { generator } = await buildForTest({ generator: config });
    await generator!.answer(requestOf({ text: QUESTION }), signal);
    const { searchParams } = new URL(server.seen[0]!.path, "http://x");
    expect(Object.fromEntries(searchParams)).toEqual({ q: QUESTION, n: "2" });
  });

  it("may say that it declined, why it ended, how sure it is and what it used", async () => {
    const meta = { no: true, why: "length", p: 0.25, in: 12, "a/b": [3] };
    server.reply(json({ out: { text: "so <ANSWER>: none " }, meta }));
    const answer = await ask({
      refused: "/meta/no",
      finish: "/meta/why",
      confidence: "/meta/p",
      prompt_tokens: "/meta/in",
      completion_tokens: "/meta/a~1b/0",
      answer_marker: "<ANSWER>:",
    });
    expect(answer).toEqual({
      text: "none",
      raw: "so <ANSWER>: none ",
      refused: true,
      finish: "length",
      confidence: 0.25,
      usage: { promptTokens: 12, completionTokens: 3 },
      timing: MEASURED,
    });
  });

  it("may leave out what stands beside the answer; a pointer that never finds anything is told", async () => {
    server.reply(json({ out: { text: "a" }, sure: null }));
    const system = await build({ confidence: "/sure", finish: "/__proto__/x", prompt_tokens: "/n" });
    expect(await system.generator!.answer(requestOf(), signal)).toEqual({
      text: "a",
      finish: "stop",
      timing: MEASURED,
    });
    server.reply(json({ out: { text: "a" }, sure: 1 }));
    await system.generator!.answer(requestOf(), signal);
    expect(system.notes()).toEqual([
      expect.stringContaining("the pointer finish: /__proto__/x found nothing in 2 answers"),
      expect.stringContaining("the pointer prompt_tokens: /n found nothing"),
    ]);
  });
});

describe("a server that streams", () => {
  const parts = ["Hel", "lo, ", "wörld ✓"];
  const pieces = (form: (value: unknown) => string, values: readonly unknown[], pauseMs = 0): Reply => {
    return async (response) => {
      response.writeHead(200, form === event ? SSE : NDJSON);
      for (const value of values) {
        response.write(form(value));
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      response.end();
    };
  };
  const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
  const deltas = parts.map((d) => ({ d }));

  it.each([
    ["events", "sse", event],
    ["lines", "lines", line],
  ] as const)("%s gives the whole text and the time to the first token", async (_, reply, form) => {
    server.reply(pieces(form, [{ d: "" }, ...deltas, { end: "stop", use: { i: 7, o: 3 } }], 15));
    const answer = await ask({
      reply,
      answer: "/d",
      finish: "/end",
      prompt_tokens: "/use/i",
      completion_tokens: "/use/o",
    });
    expect(answer).toMatchObject({
      text: "Hello, wörld ✓",
      finish: "stop",
      usage: { promptTokens: 7, completionTokens: 3 },
    });
    // The first piece with text comes after one pause, the last after three.
    expect(answer.timing.firstTokenMs).toBeGreaterThan(10);
    expect(answer.timing.ms - answer.timing.firstTokenMs!).toBeGreaterThan(30);
  });

  it("may send the whole answer so far each time", async () => {
    server.reply(pieces(line, [{ d: "I" }, { d: "I think" }, { d: "I think 2" }]));
    expect((await ask({ reply: "lines", pieces: "whole", answer: "/d" })).text).toBe("I think 2");
  });

  it("is read the same however its bytes are cut", async () => {
    const body = Buffer.from(
      `: hello\r\nevent: m\r\ndata: {"d":\r\ndata: "wö"}\r\n\r\ndata:{"d":"rld ✓"}\n\nid: 3\ndata: [DONE]\n\ndata: nonsense\n\n`,
    );
    for (const size of [1, 2, 7, 1000]) {
      server.reply(async (response) => {
        response.writeHead(200, SSE);
        for (let at = 0; at < body.length; at += size) {
          response.write(body.subarray(at, at + size));
          if (size < 7) await new Promise((resolve) => setImmediate(resolve));
        }
        response.end();
      });
      expect((await ask({ reply: "sse", answer: "/d" })).text, `${size}`).toBe("wörld ✓");
    }
  });

  it.each([
    ["one JSON value instead of events", json({ d: "a" }), "sse", 1, "no event stream but application/json"],
    ["a page of HTML", raw("<html>\n</html>", { "content-type": "text/html" }), "lines", 1, "no JSON: <html>"],
    ["an event that is cut off", raw('data: {"d":"a"}\n\ndata: {"d":"b', SSE), "sse", 3, "cut off or broken"],
    ["a line that is cut off", raw('{"d":"a"}\n{"d', NDJSON), "lines", 3, "cut off or broken"],
    ["no answer in any piece", raw('{"x":1}\n{"x":2}\n', NDJSON), "lines", 1, "nothing at answer: /d in 2 pieces"],
    ["nothing", raw("", SSE), "sse", 1, "nothing at answer: /d"],
    ["text that is a number", raw('{"d":1}\n', NDJSON), "lines", 1, "1 at answer: /d"],
    ["bytes that are no UTF-8", raw(Buffer.from([0x7b, 0xc3, 0x28]), NDJSON), "lines", 1, "no UTF-8"],
    ["half a character", raw(Buffer.from('{"d":"é').subarray(0, 7), NDJSON), "lines", 1, "no UTF-8"],
  ] as const)("%s is a failure", async (_title, reply, form, attempts, words) => {
    server.reply(reply);
    const error = await failure({ reply: form, answer: "/d" });
    expect(error).toMatchObject({ code: "E_ENDPOINT_REPLY", attempts });
    expect(error.message).toContain(words);
  });

  it("that breaks off is asked again, and only the second answer counts", async () => {
    const broken: Reply = (response) => {
      response.writeHead(200, SSE);
      response.write(event({ d: "half an " }));
      setTimeout(() => response.destroy(), 20);
    };
    server.reply(broken, pieces(event, deltas));
    expect((await ask({ reply: "sse", answer: "/d" })).text).toBe("Hello, wörld ✓");
    expect(server.seen).toHaveLength(2);
  });

  it("that stalls in the middle is given up in time", async () => {
    server.reply((response) => {
      response.writeHead(200, SSE);
      response.write(event({ d: "a" }));
    });
    const error = await failure({ reply: "sse", answer: "/d", timeout_s: 0.2, max_attempts: 1 });
    expect(error.code).toBe("E_ENDPOINT_TIMEOUT");
  });
});

describe("a failure of the server", () => {
  const long = (response: Parameters<Reply>[0]): void => {
    const more = (): void => {
      while (!response.destroyed && response.write(`${" ".repeat(1 << 20)}\n`));
      response.once("drain", more);
    };
    more();
  };

  it.each([
    ["that hangs up", hangUp, "E_ENDPOINT_UNREACHABLE", 3, ""],
    ["of status 503", json({}, 503), "E_ENDPOINT_STATUS", 3, "503"],
    ["of status 429", json({}, 429), "E_ENDPOINT_RATE_LIMIT", 3, "429"],
    ["of status 401", json({}, 401), "E_ENDPOINT_REFUSED_KEY", 1, "does not take the key"],
    ["of status 400", json({ error: "bad" }, 400), "E_ENDPOINT_STATUS", 1, "bad"],
    ["with a redirect", raw("", { location: "http://x.invalid/" }, 302), "E_ENDPOINT_STATUS", 1, "302"],
    ["with half a JSON", raw('{"out":{"text":"a', {}), "E_ENDPOINT_REPLY", 3, "cut off or broken"],
    ["with a page of HTML", raw("<html>", { "content-type": "text/html" }), "E_ENDPOINT_REPLY", 1, "no JSON"],
    ["with bytes that are no UTF-8", raw(Buffer.from([0x22, 0xff, 0x22]), {}), "E_ENDPOINT_REPLY", 1, "no UTF-8"],
    ["with another shape", json({ text: "a" }), "E_ENDPOINT_REPLY", 1, "nothing at answer: /out/text"],
    ["without text", json({ out: { text: null } }), "E_ENDPOINT_REPLY", 1, "nothing at answer"],
    ["with a list as text", json({ out: { text: ["a"] } }), "E_ENDPOINT_REPLY", 1, '["a"] at answer: /out/text'],
    ["with a flag that is text", json({ out: { text: "a", no: "no" } }), "E_ENDPOINT_REPLY", 1, '"no" at refused'],
    ["with half a token", json({ out: { text: "a", n: 1.5 } }), "E_ENDPOINT_REPLY", 1, "1.5 at prompt_tokens"],
    ["that never stops", long, "E_ENDPOINT_REPLY", 1, "more than 16777216 bytes"],
  ])("%s", async (_title, reply, code, attempts, words) => {
    server.reply(reply);
    const error = await failure({ refused: "/out/no", prompt_tokens: "/out/n" });
    expect(error).toMatchObject({ code, attempts });
    expect(error.message).toContain(words);
  });

  it("that is silent", async () => {
    server.reply(silent);
    const error = await failure({ timeout_s: 0.1, max_attempts: 2 });
    expect(error).toMatchObject({ code: "E_ENDPOINT_TIMEOUT", attempts: 2 });
  });

  it("gives away no key: not in messages, not in answers", async () => {
    const env = { AUTH: `Bearer ${KEY}` };
    const headers = { headers_env: { authorization: "AUTH" } };
    server.reply(json({ error: `no such key ${KEY}` }, 400));
    expect((await failure(headers, { env })).message).toContain("no such key [redacted]");
    server.reply(json({ out: { text: `you sent ${KEY}` } }));
    expect((await ask(headers, { env })).text).toBe("you sent [redacted]");
    expect(server.seen.at(-1)!.headers.authorization).toBe(env.AUTH);
  });
});

describe("before the first question", () => {
  it("one question is asked, and a server that answers otherwise than the file says ends the run", async () => {
    const system = await build();
    await system.preflight(signal);
    expect(server.seen[0]!.body).toEqual({ q: "preflight" });
    server.reply(json({ text: "a" }));
    const error: unknown = await system.preflight(signal).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as UnavailableError).problems[0]).toMatchObject({
      code: "E_ENDPOINT_REPLY",
      where: "systems/under-test.yaml /generator/url",
      fix: "correct the pointers in the system file, or the address",
    });
  });

  it("a server that is down is not waited for", async () => {
    const url = server.url;
    await server[Symbol.asyncDispose]();
    const system = await build({ url });
    await expect(system.preflight(signal)).rejects.toThrow("start the server, or correct its address");
    server = await faultServer(echo);
  });

  it.each([
    ['{"q": "{{question}}"}', "gives JSON whatever the question", "{{json question}}"],
    ['{"q": {{json query}}}', "only the values question, prompt", "use one of these names"],
    ['{"q": 1, "p": {{json condition}}}', "sends the question as it is", "{{json question}}"],
    ['{"q": {{json question}', "a Handlebars template", "correct the template"],
    [
      '{"q": {{json question}}, "c": "{{#each passages}}{{text}}{{/each}}"}',
      "gives JSON whatever",
      "{{json question}}",
    ],
  ])("the body %s is a problem", async (body, expected, fix) => {
    const error: unknown = await build({ body }).catch((e: unknown) => e);
    const [problem] = (error as UnavailableError).problems;
    expect(problem!.where).toContain("/generator/body");
    expect(`${problem!.expected} ${problem!.fix}`).toContain(expected);
    expect(problem!.fix).toContain(fix);
  });

  it("all that is wrong is said at once", async () => {
    const error: unknown = await build({ body: "{", params: { a: "{{b}}" }, headers_env: { x: "NO_SUCH" } }).catch(
      (e: unknown) => e,
    );
    expect((error as UnavailableError).problems.map(({ where }) => where.split(" ")[1])).toEqual([
      "/generator/body",
      "/generator/params/a",
      "/generator/headers_env/x",
    ]);
  });
});
