import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { chunkDocuments } from "../chunk/chunk-documents.ts";
import { openDataset } from "../dataset.ts";
import { openDocuments } from "../documents.ts";
import { collect, tempDataset } from "../testing/temp-dataset.ts";
import type { ReadResult } from "./read-document.ts";
import { readFiles } from "./read-files.ts";
import { readLocalrqaDocuments } from "./read-localrqa-documents.ts";
import { readSnapshot, snapshotManifest, writeSnapshot } from "./snapshot.ts";

const clock = { now: () => Date.UTC(2026, 0, 2) };

async function* results(...all: ReadResult[]): AsyncGenerator<ReadResult> {
  yield* all;
}
const page = (id: string, text = id): ReadResult => ({
  document: { id, text, source: id, sha256: "0".repeat(64), fetchedAt: "2026-01-02T00:00:00.000Z", format: "text" },
});
const problem = { code: "E_READ", where: "x", expected: "a", got: "b", fix: "c" };

const facts = (metadata: object | undefined) => {
  const { fetchedAt, format } = metadata as Record<string, unknown>;
  return [fetchedAt, format];
};

describe("writeSnapshot", () => {
  it("keeps pages with hash and date, so that they can be read and cut without fetching", async () => {
    const folder = await tempDataset({ "a.md": "---\ntitle: A\n---\none two three", "b.txt": "B", "c.png": "x" });
    const into = join(await tempFolder(), "snapshot");
    const told: ReadResult[] = [];
    const taken = await writeSnapshot({
      results: readFiles(folder, { clock }),
      into,
      clock,
      source: "pages",
      progress: (r) => told.push(r),
    });
    expect(taken.manifest).toMatchObject({
      documents: 2,
      failed: 1,
      source: "pages",
      taken_at: "2026-01-02T00:00:00.000Z",
    });
    expect(taken.problems.map((p) => p.where)).toEqual(["c.png"]);
    expect(told.length).toBe(3);
    expect(await snapshotManifest(into)).toEqual(taken.manifest);
    const rows = await collect(readSnapshot(into));
    expect(rows.map((row) => [row._id, row.title, ...facts(row.metadata)])).toEqual([
      ["a.md", "A", "2026-01-02T00:00:00.000Z", "markdown"],
      ["b.txt", undefined, "2026-01-02T00:00:00.000Z", "text"],
    ]);

    const dataset = join(await tempFolder(), "cut");
    await chunkDocuments({ documents: readSnapshot(into), into: dataset, settings: { unit: "words", size: 2 } });
    const made = await openDataset(dataset);
    expect((await collect(made.passages())).map((p) => [p.id, p.title, p.text])).toEqual([
      ["a.md#1", "A", "one two "],
      ["a.md#2", "A", "three"],
      ["b.txt#1", undefined, "B"],
    ]);
    const documents = (await openDocuments(dataset, made.manifest))!;
    expect(await documents.text("b.txt")).toBe("B");
    await documents.close();
  });

  it("is the same file when the same pages are read", async () => {
    const folder = await tempDataset({ "a.md": "# A", "b.txt": "B" });
    const dir = await tempFolder();
    const take = async (name: string) =>
      (await writeSnapshot({ results: readFiles(folder, { clock }), into: join(dir, name), clock })).manifest.sha256;
    expect(await take("one")).toBe(await take("two"));
  });

  it("keeps the first of two pages of one id", async () => {
    const into = join(await tempFolder(), "s");
    const taken = await writeSnapshot({
      results: results(page("__proto__", "1"), page("__proto__", "2")),
      into,
      clock,
    });
    expect((await collect(readSnapshot(into))).map((row) => row.text)).toEqual(["1"]);
    expect(taken.problems.map((p) => p.code)).toEqual(["E_READ_TWICE"]);
  });

  it("is not made of nothing", async () => {
    const into = join(await tempFolder(), "s");
    await expect(writeSnapshot({ results: results({ problem }), into, clock })).rejects.toMatchObject({
      problems: [problem],
    });
    await expect(writeSnapshot({ results: results(), into, clock })).rejects.toMatchObject({ code: "E_READ_NOTHING" });
    await expect(readFile(join(into, "snapshot.yaml"))).rejects.toThrow("ENOENT");
  });
});

describe("readSnapshot", () => {
  it("notices a change", async () => {
    const into = join(await tempFolder(), "s");
    await writeSnapshot({ results: results(page("a")), into, clock });
    await appendFile(join(into, "documents.jsonl"), '{"_id":"b","text":"b"}\n');
    await expect(collect(readSnapshot(into))).rejects.toMatchObject({ code: "E_SNAPSHOT_CHANGED" });
  });

  it.each([
    ["missing", {}, "E_DATASET_FILE"],
    ["of another form", { "snapshot.yaml": "schema: 2\n" }, "E_SNAPSHOT"],
    [
      "without its pages",
      { "snapshot.yaml": `schema: 1\ntaken_at: x\ndocuments: 1\nfailed: 0\nsha256: "${"0".repeat(64)}"\n` },
      "E_DATASET_FILE",
    ],
  ])("says that a snapshot is %s", async (_name, files, code) => {
    await expect(collect(readSnapshot(await tempDataset(files)))).rejects.toMatchObject({ code });
  });
});

describe("readLocalrqaDocuments", () => {
  const ROWS = [
    { source: "https://x/a", text: "---\ndescription: About A\n---\none", next: null, timestamp: 0 },
    { source: "https://x/b", title: " B", text: "b" },
    { source: "https://x/a", text: "two" },
  ];

  it.each([
    ["lines", ROWS.map((row) => JSON.stringify(row)).join("\n"), 0],
    ["an array", JSON.stringify(ROWS), 1],
  ])("reads pages from %s", async (_name, content, notes) => {
    const dir = await tempDataset({ "docs.jsonl": content });
    const said: string[] = [];
    const read = await collect(readLocalrqaDocuments(join(dir, "docs.jsonl"), { clock, note: (t) => said.push(t) }));
    expect(read.map((r) => [r.document?.id, r.document?.title, r.document?.text])).toEqual([
      ["https://x/a", "About A", `${ROWS[0]!.text}\n\ntwo`],
      ["https://x/b", "B", "b"],
    ]);
    expect(said.length).toBe(notes);
  });

  it.skipIf(!hasShared)("reads Faire's 964 sections as 249 pages", async () => {
    const into = join(await tempFolder(), "faire");
    const path = shared("data/localrqa-faire/docs.jsonl");
    const { manifest } = await writeSnapshot({ results: readLocalrqaDocuments(path, { clock }), into, clock });
    expect(manifest).toMatchObject({ documents: 249, failed: 0 });
  });
});
