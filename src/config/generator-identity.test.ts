import { describe, expect, it } from "vitest";
import { hashValue } from "../lib/hash.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { generatorIdentity } from "./generator-identity.ts";
import { loadSystem } from "./load-system.ts";
import { projectAt } from "./project.ts";

const OPENAI = { kind: "openai", base_url: "${URL}", model: "m", prompt: "p.hbs" };
const PROMPT = "{{question}}{{#each passages}}{{text}}{{/each}}";

async function identity(generator: object, more: { retriever?: object; prompt?: string; url?: string } = {}) {
  const { retriever = { kind: "bm25" }, prompt = PROMPT, url = "http://one:8000/v1" } = more;
  const root = await tempFolder({
    "benchmarks/systems/s.yaml": JSON.stringify({ title: "t", retriever, generator }),
    "benchmarks/systems/p.hbs": prompt,
  });
  const found = await generatorIdentity(await loadSystem(projectAt(root), "s", { URL: url, KEY: "k" }));
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

  it.each([
    ["no", {}, PROMPT],
    ["a", {}, "{{#if condition}}x{{/if}}{{question}}"],
    ["a", { system_prompt: "You are under a condition" }, PROMPT],
  ])("knows that %s prompt tells of the condition", async (which, generator, prompt) => {
    const { readsCondition, readsIds } = await identity({ ...OPENAI, ...generator }, { prompt });
    expect({ readsCondition, readsIds }).toEqual({ readsCondition: which === "a", readsIds: false });
  });

  it("takes a generator of another kind to see everything", async () => {
    expect(await identity({ kind: "reader" })).toMatchObject({ readsCondition: true, readsIds: true });
  });

  it("is nothing for a system that only retrieves", async () => {
    const root = await tempFolder({ "benchmarks/systems/s.yaml": "retriever: { kind: bm25 }\n" });
    expect(await generatorIdentity(await loadSystem(projectAt(root), "s", {}))).toBeUndefined();
  });
});
