import { describe, expect, it } from "vitest";
import { hashValue } from "../lib/hash.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { generatorIdentity } from "./generator-identity.ts";
import { loadSystem } from "./load-system.ts";
import { projectAt } from "./project.ts";

const OPENAI = { kind: "openai", base_url: "${URL}", model: "m", prompt: "p.hbs" };
const PROMPT = "{{question}}{{#each passages}}{{text}}{{/each}}";

async function identity(
  generator: object,
  more: { retriever?: object; prompt?: string; url?: string; tenant?: string } = {},
) {
  const { retriever = { kind: "bm25" }, prompt = PROMPT, url = "http://one:8000/v1", tenant = "one" } = more;
  const root = await tempFolder({
    "benchmarks/systems/s.yaml": JSON.stringify({ title: "t", retriever, generator }),
    "benchmarks/systems/p.hbs": prompt,
    "benchmarks/systems/weights.gguf": "weights that are no text with a condition",
  });
  const env = { URL: url, KEY: "k", TENANT: tenant };
  const found = await generatorIdentity(await loadSystem(projectAt(root), "s", env), env);
  return { ...found!, hash: hashValue(found!.value) };
}

describe("generatorIdentity", () => {
  it.each([
    ["the model", { model: "n" }, {}],
    ["the decoding", { temperature: 0.7 }, {}],
    ["the marker of the answer", { answer_marker: "A:" }, {}],
    ["the prompt's content", {}, { prompt: `${PROMPT}!` }],
    ["where the address leads", {}, { url: "http://two:8000/v1" }],
  ])("changes with %s", async (_, generator, more) => {
    expect((await identity({ ...OPENAI, ...generator }, more)).hash).not.toBe((await identity(OPENAI)).hash);
  });

  it.each([
    ["the retriever", {}, { retriever: { kind: "bm25", k1: 0.9 } }],
    [
      "patience, concurrency and the key's name",
      { timeout_s: 5, max_attempts: 1, concurrency: 64, api_key_env: "KEY" },
      {},
    ],
  ])("does not change with %s", async (_, generator, more) => {
    expect((await identity({ ...OPENAI, ...generator }, more)).hash).toBe((await identity(OPENAI)).hash);
  });

  it("changes with a second sending only where the model may say something else then", async () => {
    const hash = async (more: object) => (await identity({ ...OPENAI, ...more })).hash;
    const hedge = { after_s: 1 };
    for (const [more, same] of [
      [{ temperature: 0 }, true],
      [{ temperature: 0.7, seed: 3 }, true],
      [{ temperature: 0.7 }, false],
    ] as const) {
      expect((await hash({ ...more, hedge })) === (await hash(more))).toBe(same);
    }
  });

  it.each([
    ["no", {}, PROMPT],
    ["a", {}, "{{#if condition}}x{{/if}}{{question}}"],
    ["a", { system_prompt: "You are under a condition" }, PROMPT],
  ])("knows that %s prompt tells of the condition", async (which, generator, prompt) => {
    const { readsCondition, readsIds } = await identity({ ...OPENAI, ...generator }, { prompt });
    expect({ readsCondition, readsIds }).toEqual({ readsCondition: which === "a", readsIds: false });
  });

  it.each([
    [{ kind: "http", url: "${URL}", body: '{"q": {{json question}}}', answer: "/a" }, PROMPT, false],
    [
      { kind: "http", url: "${URL}", body: '{"q": {{json question}}, "c": {{json condition}}}', answer: "/a" },
      PROMPT,
      true,
    ],
    [{ kind: "local", path: "weights.gguf", prompt: "p.hbs" }, PROMPT, false],
    [{ kind: "local", path: "weights.gguf", prompt: "p.hbs" }, `${PROMPT}{{condition}}`, true],
  ])("of %o knows what its templates tell, and no ids", async (generator, prompt, readsCondition) => {
    expect(await identity(generator, { prompt })).toMatchObject({ readsCondition, readsIds: false });
  });

  it("changes with the value of a header, and holds neither it nor a key", async () => {
    const http = {
      kind: "http",
      url: "${URL}",
      headers_env: { "X-Tenant": "TENANT" },
      body: '{"q": {{json question}}}',
      answer: "/text",
    };
    const one = await identity(http, { tenant: "planted-tenant" });
    expect(one.hash).not.toBe((await identity(http, { tenant: "other" })).hash);
    expect(JSON.stringify(one.value)).not.toContain("planted");
    expect(one).toMatchObject({ readsCondition: false, readsIds: false });
  });

  it("takes a generator of another kind to see everything", async () => {
    expect(await identity({ kind: "reader" })).toMatchObject({ readsCondition: true, readsIds: true });
  });

  it("is nothing for a system that only retrieves", async () => {
    const root = await tempFolder({ "benchmarks/systems/s.yaml": "retriever: { kind: bm25 }\n" });
    expect(await generatorIdentity(await loadSystem(projectAt(root), "s", {}), {})).toBeUndefined();
  });
});
