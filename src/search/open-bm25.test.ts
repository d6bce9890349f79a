import { chmod, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Passage } from "../core/passage.ts";
import type { Bm25Settings } from "./bm25-index.ts";
import { openBm25 } from "./open-bm25.ts";

const SETTINGS: Bm25Settings = { k1: 1.2, b: 0.75, stopWords: "lucene", stemmer: "snowball-english", title: true };
const QUERY = "ranking of word7 and word11 with 東京";

let cacheDir: string;
let read: number;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "bm25-"));
  read = 0;
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

async function* passages(): AsyncGenerator<Passage> {
  read += 1;
  for (let n = 0; n < 300; n += 1) {
    yield {
      id: `p${n}`,
      document: "d",
      title: `Title ${n % 9}`,
      text: `ranking word${n % 13} 東京 ${"x y zz ".repeat(n % 5)}`,
    };
  }
}
const open = (settings = SETTINGS, corpusSha256 = "c0") => openBm25({ passages, corpusSha256, settings, cacheDir });
const files = async (): Promise<string[]> => (await readdir(cacheDir)).map((name) => join(cacheDir, name));

describe("openBm25", () => {
  it("builds once, then loads; both give the same scores to the last bit", async () => {
    const built = await open();
    const loaded = await open();
    expect(read).toBe(1);
    expect(loaded.search(QUERY, 300)).toEqual(built.search(QUERY, 300));
    expect(built.search(QUERY, 300)).toHaveLength(300);
    expect(loaded.arrays).toEqual(built.arrays);
    expect([loaded.documents, loaded.tokens, loaded.terms]).toEqual([built.documents, built.tokens, built.terms]);
  });

  it("leaves one file and no draft", async () => {
    await open();
    expect(await readdir(cacheDir)).toEqual([expect.stringMatching(/^bm25-[0-9a-f]{32}\.index$/)]);
  });

  it("uses one file for every k1 and b", async () => {
    await open();
    const other = await open({ ...SETTINGS, k1: 0.9, b: 0.4 });
    expect(read).toBe(1);
    expect(other.settings.k1).toBe(0.9);
    expect(other.search(QUERY, 1)[0]![1]).not.toBe((await open()).search(QUERY, 1)[0]![1]);
  });

  it.each([
    ["corpus", SETTINGS, "c1"],
    ["stop words", { ...SETTINGS, stopWords: "none" } as const, "c0"],
    ["stemmer", { ...SETTINGS, stemmer: "none" } as const, "c0"],
    ["use of titles", { ...SETTINGS, title: false }, "c0"],
  ])("builds another index for another %s", async (_title, settings, corpus) => {
    await open();
    await open(settings, corpus);
    expect(read).toBe(2);
    expect(await files()).toHaveLength(2);
  });

  it.each<[string, (path: string, bytes: Buffer) => Promise<void>]>([
    ["is empty", (path) => truncate(path, 0)],
    ["was cut off in the header", (path) => truncate(path, 40)],
    ["was cut off in the arrays", (path, bytes) => truncate(path, bytes.length - 1000)],
    ["lost its last byte", (path, bytes) => truncate(path, bytes.length - 1)],
    ["has a byte more", (path, bytes) => writeFile(path, Buffer.concat([bytes, Buffer.from([0])]))],
    ["has one bit turned in the arrays", (path, bytes) => writeFile(path, flipped(bytes, bytes.length - 5000))],
    ["has one bit turned in the checksum", (path, bytes) => writeFile(path, flipped(bytes, bytes.length - 3))],
    ["is of another version", (path, bytes) => writeFile(path, replaced(bytes, '"version":2', '"version":9'))],
    ["is of another key", (path, bytes) => writeFile(path, replaced(bytes, /"key":"..../, '"key":"zzzz'))],
    ["counts more than it holds", (path, bytes) => writeFile(path, replaced(bytes, '"lengths":300', '"lengths":900'))],
    ["is of a machine of the other byte order", (path, bytes) => writeFile(path, swapped(bytes))],
    ["is something else", (path) => writeFile(path, "x".repeat(5000))],
    ["says that its header is endless", (path, bytes) => writeFile(path, endless(bytes))],
  ])("replaces a file that %s", async (_title, damage) => {
    const expected = (await open()).search(QUERY, 50);
    const [path] = await files();
    const bytes = await readFile(path!);
    await damage(path!, bytes);
    expect((await open()).search(QUERY, 50)).toEqual(expected);
    expect(read).toBe(2);
    expect((await readFile(path!)).equals(bytes)).toBe(true);
  });

  it("two that build at once leave one whole file", async () => {
    await Promise.all([open(), open()]);
    expect(await files()).toHaveLength(1);
    read = 0;
    await open();
    expect(read).toBe(0);
  });

  it("a build that fails leaves nothing", async () => {
    async function* broken(): AsyncGenerator<Passage> {
      yield { id: "a", document: "a", text: "x" };
      throw new Error("torn");
    }
    await expect(openBm25({ passages: broken, corpusSha256: "c0", settings: SETTINGS, cacheDir })).rejects.toThrow(
      "torn",
    );
    expect(await files()).toEqual([]);
  });

  it("an aborted signal stops it before anything is read", async () => {
    const options = {
      passages,
      corpusSha256: "c0",
      settings: SETTINGS,
      cacheDir,
      signal: AbortSignal.abort(new Error("no")),
    };
    await expect(openBm25(options)).rejects.toThrow("no");
    expect(read).toBe(0);
  });

  it("a cache folder that cannot be made is a problem with its fix, not a stack", async () => {
    const inTheWay = join(cacheDir, "file");
    await writeFile(inTheWay, "");
    await chmod(inTheWay, 0o400);
    const options = { passages, corpusSha256: "c0", settings: SETTINGS, cacheDir: join(inTheWay, "cache") };
    await expect(openBm25(options)).rejects.toMatchObject({ name: "DataError", code: "E_CACHE" });
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

function replaced(bytes: Buffer, from: string | RegExp, to: string): Buffer {
  const before = bytes.toString("latin1");
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  return Buffer.from(after, "latin1");
}

function swapped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.subarray(8, 16).swap32();
  return copy;
}

function endless(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0xff, 12, 16);
  return copy;
}
