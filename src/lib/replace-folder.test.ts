import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replaceFolder } from "./replace-folder.ts";
import { tempFolder } from "./testing/temp-folder.ts";

const filling =
  (name: string, text = name) =>
  (folder: string) =>
    writeFile(join(folder, name), text);

describe("replaceFolder", () => {
  it("makes a folder with its parents, and replaces it whole", async () => {
    const parent = join(await tempFolder(), "a", "b");
    const into = join(parent, "run");
    await replaceFolder(into, filling("old.txt"));
    expect(await readdir(into)).toEqual(["old.txt"]);
    await replaceFolder(into, filling("new.txt"));
    expect(await readdir(into)).toEqual(["new.txt"]);
    expect(await readdir(parent)).toEqual(["run"]);
  });

  it("may be filled from the folder that it replaces", async () => {
    const parent = await tempFolder({ "run/a.txt": "old" });
    const into = join(parent, "run");
    await replaceFolder(into, async (folder) => {
      await writeFile(join(folder, "a.txt"), `${await readFile(join(into, "a.txt"), "utf8")} and new`);
    });
    expect(await readFile(join(into, "a.txt"), "utf8")).toBe("old and new");
  });

  it("leaves what was there, and nothing beside it, where filling fails", async () => {
    const parent = await tempFolder({ "run/a.txt": "old" });
    const failed = replaceFolder(join(parent, "run"), async (folder) => {
      await filling("half.txt")(folder);
      throw new Error("the disk is full");
    });
    await expect(failed).rejects.toThrow("the disk is full");
    expect(await readdir(parent)).toEqual(["run"]);
    expect(await readdir(join(parent, "run"))).toEqual(["a.txt"]);
  });

  it("ends with one of them whole where several are at it at once", async () => {
    const parent = await tempFolder({ "run/a.txt": "old" });
    const into = join(parent, "run");
    const one = (id: string) => async (folder: string) => {
      await filling("x.txt", id)(folder);
      await filling("y.txt", id)(folder);
    };
    const ids = ["1", "2", "3", "4", "5", "6", "7", "8"];
    await Promise.all(ids.map((id) => replaceFolder(into, one(id))));
    expect(await readdir(parent)).toEqual(["run"]);
    expect(await readdir(into)).toEqual(["x.txt", "y.txt"]);
    const [x, y] = await Promise.all(["x.txt", "y.txt"].map((name) => readFile(join(into, name), "utf8")));
    expect(ids).toContain(x);
    expect(y).toBe(x);
  });

  it("removes what a killed one left, and nothing that may be at work or is another's", async () => {
    const parent = await tempFolder();
    for (const name of [".run-killed", ".run-atwork", ".other-killed"]) await mkdir(join(parent, name));
    for (const name of [".run-killed", ".other-killed"]) await utimes(join(parent, name), 1, 1);
    await replaceFolder(join(parent, "run"), filling("a.txt"));
    expect((await readdir(parent)).sort()).toEqual([".other-killed", ".run-atwork", "run"]);
  });
});
