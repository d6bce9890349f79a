import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replaceFile } from "./atomic.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "atomic-"));
});
afterAll(() => rm(dir, { recursive: true }));

describe("replaceFile", () => {
  it("makes the folders, writes the content, and leaves nothing beside it", async () => {
    const path = join(dir, "a", "b", "file.txt");
    await replaceFile(path, "é");
    await replaceFile(path, new Uint8Array([104, 105]));
    expect(await readFile(path, "utf8")).toBe("hi");
    expect(await readdir(join(dir, "a", "b"))).toEqual(["file.txt"]);
  });

  it("shows readers the old content or the new, never half of it", async () => {
    const path = join(dir, "swap.txt");
    const contents = ["a", "b"].map((c) => c.repeat(300_000));
    await replaceFile(path, contents[0]!);
    let writing = true;
    const writer = (async () => {
      for (let i = 1; i <= 20; i += 1) await replaceFile(path, contents[i % 2]!);
      writing = false;
    })();
    const seen = new Set<string>();
    while (writing) seen.add(await readFile(path, "utf8"));
    await writer;
    expect([...seen].every((text) => contents.includes(text))).toBe(true);
  });

  it("keeps the old file when the new one cannot be written", async () => {
    const path = join(dir, "folder");
    await replaceFile(join(path, "inside"), "x");
    await expect(replaceFile(path, "y")).rejects.toThrow();
    expect(await readdir(dir)).not.toContainEqual(expect.stringMatching(/^folder\./));
    expect(await readFile(join(path, "inside"), "utf8")).toBe("x");
  });
});
