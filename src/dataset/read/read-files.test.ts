import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../lib/hash.ts";
import { collect, tempDataset } from "../testing/temp-dataset.ts";
import { readFiles } from "./read-files.ts";
import { tinyPdf } from "./testing/tiny-pdf.ts";

const clock = { now: () => Date.UTC(2026, 0, 2) };
const read = async (paths: string | string[], maxBytes?: number) =>
  collect(readFiles(paths, { clock, ...(maxBytes === undefined ? {} : { maxBytes }) }));
const ids = (results: Awaited<ReturnType<typeof read>>) =>
  results.map((r) => r.document?.id ?? `${r.problem?.code} ${r.problem?.where}`);

describe("readFiles", () => {
  it("reads a folder and all in it, in the order of names", async () => {
    const dir = await tempDataset({
      "b.txt": "B",
      "sub/a.md": "# A",
      "a.pdf": tinyPdf([["P"]]),
      ".git/x.md": "no",
      "node_modules/x.md": "no",
      "image.png": new Uint8Array([1]),
    });
    await symlink("/etc/hostname", join(dir, "link.txt"));
    const results = await read(dir);
    expect(ids(results)).toEqual(["a.pdf", "b.txt", "E_READ_FORMAT image.png", "sub/a.md"]);
    expect(results[1]!.document).toEqual({
      id: "b.txt",
      format: "text",
      text: "B",
      source: "b.txt",
      sha256: sha256("B"),
      fetchedAt: "2026-01-02T00:00:00.000Z",
    });
  });

  it("gives the same documents each time", async () => {
    const dir = await tempDataset({ "b.txt": "B", "a.md": "# A" });
    expect(await read(dir)).toEqual(await read(dir));
  });

  it("names listed files by their path below the folder they share, each once", async () => {
    const dir = await tempDataset({ "x/a.txt": "A", "x/y/b.txt": "B", "x/yy/c.txt": "C" });
    expect(ids(await read([join(dir, "x/y/b.txt"), join(dir, "x/a.txt"), join(dir, "x/a.txt")]))).toEqual([
      "a.txt",
      "y/b.txt",
    ]);
    expect(ids(await read([join(dir, "x/y/b.txt"), join(dir, "x/yy/c.txt")]))).toEqual(["y/b.txt", "yy/c.txt"]);
    expect(ids(await read(join(dir, "x/a.txt")))).toEqual(["a.txt"]);
    expect(ids(await read([join(dir, "x/y"), join(dir, "x/yy")]))).toEqual(["y/b.txt", "yy/c.txt"]);
  });

  it("makes names safe for tab-separated files", async () => {
    const dir = await tempDataset({ "a\tb\nc.txt": "A", "__proto__.txt": "P" });
    expect(ids(await read(dir))).toEqual(["__proto__.txt", "a%09b%0Ac.txt"]);
  });

  it("does not read a file above the limit", async () => {
    const dir = await tempDataset({ "big.txt": "x".repeat(11), "small.txt": "x".repeat(10) });
    expect(ids(await read(dir, 10))).toEqual(["E_READ_SIZE big.txt", "small.txt"]);
  });

  it("says which file is not there", async () => {
    await expect(read("/nowhere/at-all")).rejects.toMatchObject({ code: "E_READ_MISSING" });
  });

  it("gives nothing of an empty folder", async () => {
    expect(await read(await tempDataset({}))).toEqual([]);
  });
});
