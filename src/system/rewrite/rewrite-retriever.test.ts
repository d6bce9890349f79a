import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { OpenAiConfig, SystemConfig } from "../../config/system-schema.ts";
import type { Passage } from "../../core/passage.ts";
import type { Query } from "../../core/query.ts";
import { buildForTest, OPENAI_DEFAULTS, systemOf } from "../testing/build-for-test.ts";
import { completion, faultServer, json, type Reply, streamed } from "../testing/fault-server.ts";
import { describeRetriever } from "../testing/retriever-conformance.ts";

const signal = new AbortController().signal;
const PASSAGES: readonly Passage[] = [
  { id: "tides", document: "harbour", text: "The tide is highest at noon." },
  { id: "fees", document: "harbour", text: "The fee for mooring is four crowns." },
];
const SAID = [{ role: "user", content: "Tell me of mooring." }] as const;
const LEANING: Query = { id: "q2", text: "What does it cost?", history: SAID };
const ALONE: Query = { id: "q1", text: "When is the tide highest?" };

const BM25 = {
  kind: "bm25",
  k1: 1.2,
  b: 0.75,
  stop_words: "lucene",
  stemmer: "snowball-english",
  title: true,
} as const;

async function build(url: string, more: Partial<OpenAiConfig> = {}, when: "history" | "always" = "history") {
  const rewriter: OpenAiConfig = { ...OPENAI_DEFAULTS, base_url: url, max_attempts: 1, ...more };
  const config: SystemConfig = { retriever: { kind: "rewrite", of: BM25, when, rewriter } };
  const folder = await mkdtemp(join(tmpdir(), "rewrite-"));
  await writeFile(join(folder, "mute.hbs"), "{{question}}");
  return buildForTest(systemOf(config, { file: join(folder, "system.yaml") }), PASSAGES);
}

/** Answers with what the question's own words map to. */
const rewriting =
  (map: ReadonlyMap<string, string>): Reply =>
  (response, request) => {
    const { content } = (request.body.messages as { content: string }[]).at(-1)!;
    const asked = /Question: (.*)$/.exec(content)![1]!;
    return completion(map.get(asked) ?? asked)(response, request);
  };

describe("a retriever that rewrites", async () => {
  const server = await faultServer(streamed(["What is the fee for mooring at the highest tide?"]));
  describeRetriever("rewrite", async () => (await build(server.url, {}, "always")).retriever!, {
    stages: ["rewrite", "search"],
    source: "measured",
  });
});

describe("rewriting", () => {
  it("searches for a question that stands alone, and shows the model what was said before", async () => {
    await using server = await faultServer(completion("What is the fee for mooring?"));
    const system = await build(server.url);
    const [ranking] = await system.retriever!.search([LEANING], 2, signal);
    expect(ranking![0]![0]).toBe("fees");
    const messages = server.seen[0]!.body.messages as { content: string }[];
    expect(messages).toHaveLength(1);
    expect(messages[0]!.content).toMatch(/user: Tell me of mooring\.[\s\S]*Question: What does it cost\?$/);
    expect(system.notes()).toEqual(["rewrite: 1 of 1 questions were searched for in other words"]);
  });

  it("keeps the order of questions with and without history, and leaves those without alone", async () => {
    await using server = await faultServer(rewriting(new Map([[LEANING.text, "fee for mooring"]])));
    const system = await build(server.url);
    const queries = [ALONE, LEANING, ALONE, LEANING, LEANING, ALONE];
    const told: [number, string][] = [];
    const rankings = await system.retriever!.search(queries, 1, signal, (at, text) => told.push([at, text]));
    expect(rankings.map(([hit]) => hit![0])).toEqual(["tides", "fees", "tides", "fees", "fees", "tides"]);
    expect(told).toEqual([1, 3, 4].map((at) => [at, "fee for mooring"]));
    expect(server.seen).toHaveLength(3);
  });

  it("of every question is there for the asking", async () => {
    await using server = await faultServer(rewriting(new Map()));
    const system = await build(server.url, {}, "always");
    await system.retriever!.search([ALONE], 1, signal, () => expect.unreachable("the words are the same"));
    expect(server.seen).toHaveLength(1);
    expect(system.notes()).toEqual(["rewrite: 0 of 1 questions were searched for in other words"]);
  });

  it.each([
    ["an error", json({ error: { message: "no" } }, 500), "E_ENDPOINT_STATUS"],
    ["nothing", completion(" "), "E_REWRITE"],
    ["a ramble", completion("so ".repeat(2000)), "E_REWRITE"],
  ])(
    "that gives %s fails that question, and is not hidden by a search with the unrewritten one",
    async (_, reply, code) => {
      await using server = await faultServer(reply);
      const { retriever } = await build(server.url);
      await expect(retriever!.search([LEANING], 1, signal)).rejects.toMatchObject({ name: "SystemFailure", code });
      expect(await retriever!.search([ALONE], 1, signal)).toHaveLength(1);
    },
  );

  it("asks the server for its models before the first question", async () => {
    await using server = await faultServer(json({ data: [{ id: "large" }] }));
    const system = await build(server.url);
    await expect(system.preflight(signal)).rejects.toMatchObject({ code: "E_ENDPOINT_MODEL" });
  });

  it("wants a prompt that shows what was said before", async () => {
    await expect(build("http://localhost:9/v1", { prompt: "mute.hbs" })).rejects.toMatchObject({
      problems: [expect.objectContaining({ code: "E_PROMPT", got: "one without {{#each history}}" })],
    });
  });
});
