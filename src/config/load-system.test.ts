import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError } from "../core/errors.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { type Env, loadSystem } from "./load-system.ts";
import { projectAt } from "./project.ts";
import type { System } from "./resolved.ts";

const RAFT = `title: RAFT 8B over BM25
retriever: { kind: bm25 }
generator:
  kind: openai
  base_url: \${RAFT_URL}
  api_key_env: RAFT_KEY
  model: raft-8b
  prompt: prompts/raft.hbs
`;
const ENV: Env = { RAFT_URL: "http://localhost:8000/v1", RAFT_KEY: "sk-secret" };

async function load(yaml: string, env: Env = ENV, prompt = "Q: {{question}}"): Promise<System> {
  const root = await tempFolder({
    "benchmarks/systems/mine.yaml": yaml,
    "benchmarks/systems/prompts/raft.hbs": prompt,
  });
  return loadSystem(projectAt(root), "mine", env);
}

async function problemsOf(yaml: string, env?: Env): Promise<string> {
  return load(yaml, env).then(
    () => "no problem",
    (error: unknown) => {
      expect(error).toBeInstanceOf(DataError);
      return (error as Error).message;
    },
  );
}

describe("loadSystem", () => {
  it("fills in the defaults of the chosen kinds", async () => {
    const { config } = await load(RAFT);
    expect(config.retriever).toEqual({
      kind: "bm25",
      k1: 1.2,
      b: 0.75,
      stop_words: "lucene",
      stemmer: "snowball-english",
      title: true,
    });
    expect(config.generator).toMatchObject({ temperature: 0, max_tokens: 512, stream: true, max_attempts: 4 });
  });

  it("replaces the address by the environment's and leaves it out of what is written", async () => {
    const { config, publicConfig } = await load(RAFT);
    expect(config.generator).toMatchObject({ base_url: "http://localhost:8000/v1" });
    expect(publicConfig.generator).toMatchObject({ base_url: "${RAFT_URL}" });
    expect(JSON.stringify({ config, publicConfig })).not.toContain("sk-secret");
  });

  it("resolves the prompt relative to the system file", async () => {
    const { config } = await load(RAFT);
    expect(config.generator).toMatchObject({
      prompt: expect.stringContaining(join("benchmarks", "systems", "prompts", "raft.hbs")),
    });
  });

  it("is the same system at another address, under another title and at another concurrency", async () => {
    const a = await load(RAFT);
    const b = await load(`${RAFT.replace("RAFT 8B over BM25", "Other")}  concurrency: 2\n`, {
      RAFT_URL: "https://elsewhere/v1",
    });
    expect(b.sha256).toBe(a.sha256);
  });

  it.each([
    ["prompt", async () => load(RAFT, ENV, "another prompt {{question}}")],
    ["model", async () => load(RAFT.replace("model: raft-8b", "model: raft-9b"))],
    ["temperature", async () => load(`${RAFT}  temperature: 0.7\n`)],
    ["k1", async () => load(RAFT.replace("kind: bm25", "kind: bm25, k1: 0.9"))],
  ])("is another system when its %s changes", async (_, changed) => {
    expect((await changed()).sha256).not.toBe((await load(RAFT)).sha256);
  });

  it.each([
    ["a variable that is not set", RAFT, {}, ["E_SYSTEM_ENV", ":5 /generator/base_url", "export RAFT_URL="]],
    ["an address without a scheme", RAFT, { RAFT_URL: "localhost:8000" }, ["http://", "${RAFT_URL}"]],
    ["a password in the file", RAFT.replace("${RAFT_URL}", "http://me:pw@host/v1"), ENV, ["E_SYSTEM_SECRET"]],
    ["an unknown kind", RAFT.replace("kind: bm25", "kind: bm52"), ENV, [":2 /retriever", "bm25, dense"]],
    ["an unknown key", RAFT.replace("model:", "modell:"), ENV, [":7 /generator/modell", 'did you mean "model"?']],
    ["a prompt that is not there", RAFT.replace("raft.hbs", "rat.hbs"), ENV, ["E_SYSTEM_FILE", ":8", "ENOENT"]],
    [
      "a key instead of its variable's name",
      RAFT.replace("RAFT_KEY", "sk-123"),
      ENV,
      [":6 /generator/api_key_env", "never the key"],
    ],
    ["no retriever and no generator", "title: x\n", ENV, ["a retriever, a generator or both"]],
  ])("names %s with its line and the fix", async (_, yaml, env, expected) => {
    const message = await problemsOf(yaml, env);
    for (const part of expected) expect(message).toContain(part);
    expect(message).not.toContain("pw@");
  });

  it("names the nearest system when the id is unknown", async () => {
    const root = await tempFolder({ "benchmarks/systems/bm25-reader.yaml": "retriever: { kind: bm25 }\n" });
    await expect(loadSystem(projectAt(root), "bm25reader", {})).rejects.toThrow('did you mean "bm25-reader"?');
  });
});
