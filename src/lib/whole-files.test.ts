import { mkdir, readdir, readFile, writeFile as write } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "./testing/temp-folder.ts";
import { standsAt, writeFile, writeFolder } from "./whole-files.ts";

const fail = async (path: string): Promise<never> => {
  await write(path.endsWith(".txt") ? path : join(path, "half.txt"), "half");
  throw new Error("no");
};

describe("writeFolder", () => {
  it("puts a whole folder in place and hands on what was made of it", async () => {
    const parent = await tempFolder();
    const into = join(parent, "new", "out");
    expect(await writeFolder(into, (folder) => write(join(folder, "a.txt"), "a").then(() => 7))).toBe(7);
    expect(await readFile(join(into, "a.txt"), "utf8")).toBe("a");
    expect(await readdir(join(parent, "new"))).toEqual(["out"]);
  });

  it("replaces files of the same names in a folder that is there and leaves the others", async () => {
    const into = await tempFolder({ "a.txt": "old", "sub/b.txt": "old", "mine.txt": "mine" });
    await writeFolder(into, async (folder) => {
      await mkdir(join(folder, "sub"));
      await write(join(folder, "a.txt"), "new");
      await write(join(folder, "sub/c.txt"), "new");
    });
    const texts = ["a.txt", "mine.txt", "sub/b.txt", "sub/c.txt"].map((name) => readFile(join(into, name), "utf8"));
    expect(await Promise.all(texts)).toEqual(["new", "mine", "old", "new"]);
  });

  it("leaves what was there, and nothing besides, when filling it fails", async () => {
    const parent = await tempFolder({ "out/a.txt": "old" });
    await expect(writeFolder(join(parent, "out"), fail)).rejects.toThrow("no");
    await expect(writeFile(join(parent, "x.txt"), fail)).rejects.toThrow("no");
    expect(await readdir(parent, { recursive: true })).toEqual(["out", "out/a.txt"]);
  });
});

describe("standsAt", () => {
  it("tells a file and a folder with something in it from nothing", async () => {
    const parent = await tempFolder({ "full/a.txt": "a" });
    await mkdir(join(parent, "empty"));
    const found = ["full", "full/a.txt", "empty", "none"].map((name) => standsAt(join(parent, name)));
    expect(await Promise.all(found)).toEqual(["folder", "file", undefined, undefined]);
  });
});
