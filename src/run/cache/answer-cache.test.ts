import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { AnswerCache } from "./answer-cache.ts";

const REPOSITORY = join(import.meta.dirname, "../../..");
const from = { run: "tiny-llm-0a1b2c3d", at: "2026-05-31T10:00:00.000Z" };
const answer = {
  text: "42",
  raw: "<ANSWER>: 42",
  finish: "stop",
  usage: { promptTokens: 11, completionTokens: 3 },
  confidence: 0.5,
};

/** The files of a kind below the cache's folder. */
async function filesOf(folder: string, kind: "content-v2" | "index-v5"): Promise<string[]> {
  const entries = await readdir(join(folder, kind), { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
}

async function keys(cache: AnswerCache): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of cache.list()) found.push(key);
  return found.sort();
}

describe("AnswerCache", () => {
  it("gives back what was kept with when and by which run it was made", async () => {
    const cache = new AnswerCache(join(await tempFolder(), "not", "there", "yet"));
    expect(await cache.get("k")).toBeUndefined();
    expect(await keys(cache)).toEqual([]);
    await cache.put("k", { answer, from });
    expect(await cache.get("k")).toEqual({ answer, from });
    expect(await cache.get("other")).toBeUndefined();
  });

  it("gives the newest of several under one key", async () => {
    const cache = new AnswerCache(await tempFolder());
    await cache.put("k", { answer, from });
    const later = { answer: { ...answer, text: "43" }, from: { run: "later", at: "2026-06-01T00:00:00.000Z" } };
    await cache.put("k", later);
    expect(await cache.get("k")).toEqual(later);
    expect(await keys(cache)).toEqual(["k"]);
  });

  it("keeps hostile keys and texts as they are", async () => {
    const cache = new AnswerCache(await tempFolder());
    const hostile = { ...answer, text: '\n\t{"key":"x"}\u0000\u202e<script>' };
    for (const key of ["__proto__", "../../etc/passwd", "a\nb"]) {
      await cache.put(key, { answer: hostile, from });
      expect(await cache.get(key)).toEqual({ answer: hostile, from });
    }
    expect(await keys(cache)).toEqual(["../../etc/passwd", "__proto__", "a\nb"]);
  });

  it.each([
    ["cut short", (path: string) => truncate(path, 20)],
    ["emptied", (path: string) => truncate(path, 0)],
    [
      "changed in one letter",
      async (path: string) => writeFile(path, (await readFile(path, "utf8")).replace("42", "24")),
    ],
    ["gone", (path: string) => rm(path)],
  ])("takes an entry whose content is %s as absent, and keeps the next one", async (_, damage) => {
    const folder = await tempFolder();
    const cache = new AnswerCache(folder);
    await cache.put("k", { answer, from });
    const [content] = await filesOf(folder, "content-v2");
    await damage(content!);
    expect(await cache.get("k")).toBeUndefined();
    expect(await cache.get("k")).toBeUndefined();
    await cache.put("k", { answer, from });
    expect(await cache.get("k")).toEqual({ answer, from });
  });

  it("takes an entry whose line in the index is torn as absent", async () => {
    const folder = await tempFolder();
    const cache = new AnswerCache(folder);
    await cache.put("k", { answer, from });
    const [index] = await filesOf(folder, "index-v5");
    await truncate(index!, (await stat(index!)).size - 5);
    expect(await cache.get("k")).toBeUndefined();
    await cache.put("k", { answer, from });
    expect(await cache.get("k")).toEqual({ answer, from });
  });

  it("takes what is whole but no answer, or has no provenance, as absent", async () => {
    const cache = new AnswerCache(await tempFolder());
    await cache.put("a", { answer: { ...answer, text: 7 as unknown as string }, from });
    await cache.put("b", { answer, from: { run: "", at: "" } });
    await cache.put("c", { answer: { ...answer, usage: { promptTokens: -1, completionTokens: 0 } }, from });
    for (const key of ["a", "b", "c"]) expect(await cache.get(key)).toBeUndefined();
    expect(await keys(cache)).toEqual([]);
  });

  it("leaves nothing of a removed entry", async () => {
    const folder = await tempFolder();
    const cache = new AnswerCache(folder);
    await cache.put("k", { answer, from });
    await cache.remove("k");
    await cache.remove("k");
    expect(await filesOf(folder, "content-v2")).toEqual([]);
    expect(await filesOf(folder, "index-v5")).toEqual([]);
  });
});

describe("two processes on one cache", () => {
  let built: string;

  /** Node runs no TypeScript, so the program is compiled first; inside the repository, where its imports resolve. */
  beforeAll(async () => {
    await mkdir(join(REPOSITORY, ".cache"), { recursive: true });
    built = await mkdtemp(join(REPOSITORY, ".cache", "cache-test-"));
    const config = {
      extends: join(REPOSITORY, "tsconfig.json"),
      compilerOptions: { noEmit: false, noCheck: true, rootDir: join(REPOSITORY, "src"), outDir: built },
      files: [join(import.meta.dirname, "testing/cache-process.ts")],
      include: [],
    };
    await writeFile(join(built, "package.json"), '{"type":"module"}');
    await writeFile(join(built, "tsconfig.json"), JSON.stringify(config));
    const compiler = join(REPOSITORY, "node_modules/typescript/bin/tsc");
    await promisify(execFile)(process.execPath, [compiler, "-p", join(built, "tsconfig.json")]);
  }, 60_000);

  afterAll(() => rm(built, { recursive: true, force: true }));

  it("write, read and remove the same entries at once and only ever find whole ones", async () => {
    const folder = await tempFolder();
    const program = join(built, "run/cache/testing/cache-process.js");
    const both = ["one", "two"].map((run) => {
      const child = spawn(process.execPath, [program, folder, run, "20", "15"], { stdio: ["pipe", "pipe", "pipe"] });
      let printed = "";
      let errors = "";
      child.stdout.on("data", (data: Buffer) => (printed += data.toString()));
      child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
      const ended = once(child, "close").then(() => ({ printed, errors }));
      return { child, ready: once(child.stdout, "data"), ended };
    });
    await Promise.all(both.map(({ ready }) => ready));
    for (const { child } of both) child.stdin.write("go\n");
    for (const { ended } of both) {
      const { printed, errors } = await ended;
      expect(errors).toBe("");
      const { found, written } = JSON.parse(printed.split("\n")[1]!) as { found: number; written: number };
      expect(found).toBeGreaterThan(50);
      expect(written).toBeGreaterThan(50);
    }
    const cache = new AnswerCache(folder);
    const runs = new Set<string>();
    for await (const entry of cache.list()) {
      runs.add((await cache.get(entry.key))?.from.run ?? "gone");
    }
    expect(runs.size).toBeGreaterThan(0);
    for (const run of runs) expect(["one", "two", "gone"]).toContain(run);
  }, 60_000);
});
