import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { newFolder } from "./new-folder.ts";

const write = (text: string) => async (dir: string) => {
  await writeFile(join(dir, "a.txt"), text);
  return text.length;
};

describe("newFolder", () => {
  it("makes the folder and its parents, and nothing beside it", async () => {
    const dir = await tempFolder();
    expect(await newFolder(join(dir, "x/y"), false, write("abc"))).toBe(3);
    expect(await readFile(join(dir, "x/y/a.txt"), "utf8")).toBe("abc");
    expect(await readdir(join(dir, "x"))).toEqual(["y"]);
  });

  it("takes an empty folder", async () => {
    const dir = await tempFolder();
    await mkdir(join(dir, "x"));
    await newFolder(join(dir, "x"), false, write("abc"));
    expect(await readdir(join(dir, "x"))).toEqual(["a.txt"]);
  });

  it("refuses a folder that holds something, and replaces it when told to", async () => {
    const dir = await tempFolder();
    await newFolder(join(dir, "x"), false, write("old"));
    await expect(newFolder(join(dir, "x"), false, write("new"))).rejects.toMatchObject({ code: "E_DATASET_EXISTS" });
    expect(await readFile(join(dir, "x/a.txt"), "utf8")).toBe("old");
    await newFolder(join(dir, "x"), true, write("new"));
    expect(await readFile(join(dir, "x/a.txt"), "utf8")).toBe("new");
  });

  it("leaves the old folder, and nothing new, when writing fails", async () => {
    const dir = await tempFolder();
    await newFolder(join(dir, "x"), false, write("old"));
    const broken = async (at: string) => {
      await write("half")(at);
      throw new Error("disk full");
    };
    await expect(newFolder(join(dir, "x"), true, broken)).rejects.toThrow("disk full");
    expect(await readFile(join(dir, "x/a.txt"), "utf8")).toBe("old");
    expect(await readdir(dir)).toEqual(["x"]);
  });
});
