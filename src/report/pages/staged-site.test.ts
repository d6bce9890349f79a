import { mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { StagedSite } from "./staged-site.ts";

async function built(out: string, files: Readonly<Record<string, string>>): Promise<void> {
  const site = await StagedSite.begin(out);
  for (const [path, content] of Object.entries(files)) await site.write(path, content);
  await site.publish();
}

const listed = async (out: string) => (await readdir(out, { recursive: true })).sort();
const text = (...path: string[]) => readFile(join(...path), "utf8");

describe("a staged site", () => {
  it("shows nothing of a build before it is whole", async () => {
    const out = await tempFolder();
    await built(out, { "index.html": "old", "a/b.html": "old" });
    const site = await StagedSite.begin(out);
    await site.write("index.html", "new");
    await site.write("a/b.html", "new");
    const data = await site.folder("a/data");
    await writeFile(join(data, "x.js"), "1");
    expect([await text(out, "index.html"), await text(out, "a/b.html")]).toEqual(["old", "old"]);
    await site.publish();
    expect([await text(out, "index.html"), await text(out, "a/b.html"), await text(out, "a/data/x.js")]).toEqual([
      "new",
      "new",
      "1",
    ]);
    expect(await listed(out)).toEqual(["a", "a/b.html", "a/data", "a/data/x.js", "index.html", "site.json"]);
  });

  it("has a folder for the build alone, of which nothing stays", async () => {
    const out = await tempFolder();
    const site = await StagedSite.begin(out);
    await mkdir(site.scratch);
    await writeFile(join(site.scratch, "0"), "aside");
    await site.write("index.html", "new");
    await site.publish();
    expect(await listed(out)).toEqual(["index.html", "site.json"]);
  });

  it("leaves the old site where a build is given up", async () => {
    const out = await tempFolder();
    await built(out, { "index.html": "old" });
    const site = await StagedSite.begin(out);
    await site.write("index.html", "new");
    await site.discard();
    expect(await listed(out)).toEqual(["index.html", "site.json"]);
    expect(await text(out, "index.html")).toBe("old");
  });

  it("leaves no folder that it made itself where a build is given up", async () => {
    const parent = await tempFolder();
    const site = await StagedSite.begin(join(parent, "a/b/site"));
    await site.write("index.html", "new");
    await site.discard();
    expect(await readdir(parent)).toEqual([]);
  });

  it("removes what the last build wrote and this one does not, and nothing else", async () => {
    const out = await tempFolder();
    await mkdir(join(out, "runs/one"), { recursive: true });
    await writeFile(join(out, "CNAME"), "example.org");
    await writeFile(join(out, "runs/one/mine.txt"), "mine");
    await built(out, { "index.html": "1", "runs/one/index.html": "1", "runs/two/index.html": "1" });
    await built(out, { "index.html": "2" });
    expect(await listed(out)).toEqual(["CNAME", "index.html", "runs", "runs/one", "runs/one/mine.txt", "site.json"]);
  });

  it("replaces a folder as a whole: pieces of a longer run do not stay", async () => {
    const out = await tempFolder();
    for (const names of [["q0.js", "q1.js"], ["q0.js"]]) {
      const site = await StagedSite.begin(out);
      const data = await site.folder("data");
      for (const name of names) await writeFile(join(data, name), String(names.length));
      await site.publish();
    }
    expect(await readdir(join(out, "data"))).toEqual(["q0.js"]);
    expect(await text(out, "data/q0.js")).toBe("1");
  });

  it("keeps what was made from the same, and only while all of it is there", async () => {
    const out = await tempFolder();
    const make = async (key: string): Promise<boolean> => {
      const site = await StagedSite.begin(out);
      const kept = await site.keep(key, ["page.html", "data"]);
      if (!kept) {
        await site.write("page.html", key, key);
        await writeFile(join(await site.folder("data", key), "x.js"), key);
      }
      await site.publish();
      return kept;
    };
    expect([await make("k1"), await make("k1"), await make("k1"), await make("k2"), await make("k1")]).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    const { mtimeMs } = await stat(join(out, "data/x.js"));
    expect(await make("k1")).toBe(true);
    expect((await stat(join(out, "data/x.js"))).mtimeMs).toBe(mtimeMs);
    expect(await text(out, "page.html")).toBe("k1");
    await writeFile(join(out, "site.json"), "{");
    expect(await make("k1")).toBe(false);
  });

  it("keeps nothing after a build that was killed while it moved its files", async () => {
    const out = await tempFolder();
    const site = await StagedSite.begin(out);
    await site.write("page.html", "1", "k1");
    await site.publish();
    const killed = await StagedSite.begin(out);
    await killed.write("page.html", "2", "k2");
    // A folder stands where a file must go, so that moving ends half-way.
    await killed.write("z", "2");
    await mkdir(join(out, "z/in the way"), { recursive: true });
    await expect(killed.publish()).rejects.toThrow();
    const next = await StagedSite.begin(out);
    expect(await next.keep("k1", ["page.html"])).toBe(false);
    await next.discard();
  });

  it("takes no path of a marker that leads out of the site", async () => {
    const parent = await tempFolder();
    await writeFile(join(parent, "precious.txt"), "!");
    const out = join(parent, "site");
    await mkdir(out);
    const units = ["../precious.txt", join(parent, "precious.txt"), "a/../../precious.txt", "."].map((path) => ({
      path,
    }));
    await writeFile(join(out, "site.json"), JSON.stringify({ schema: 1, units: [...units, null, 7] }));
    await built(out, { "index.html": "1" });
    expect(await text(parent, "precious.txt")).toBe("!");
    expect(await listed(out)).toEqual(["index.html", "site.json"]);
  });

  it("clears what a killed build left a day ago, and spares one that may be at work", async () => {
    const out = await tempFolder();
    await mkdir(join(out, ".building-old"));
    await utimes(join(out, ".building-old"), 1, 1);
    await mkdir(join(out, ".building-young"));
    await built(out, { "index.html": "1" });
    expect(await listed(out)).toEqual([".building-young", "index.html", "site.json"]);
  });
});
