import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { openExactFile, writeExactFile } from "./exact-file.ts";

const IDS = ["zebra", "é", "a", ""];
const VECTORS = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** A file of four rows, with its path. */
async function written(): Promise<string> {
  const path = join(await tempFolder(), "index");
  const bytes = IDS.map((id) => Buffer.from(id));
  const idStart = Uint32Array.from([0, ...bytes.map((_, i) => Buffer.concat(bytes.slice(0, i + 1)).length)]);
  const ids = Buffer.concat(bytes);
  const header = { key: "k", rows: 4, dimensions: 2, idBytes: ids.length };
  await writeExactFile(path, header, { ids, idStart }, [VECTORS.subarray(0, 6), VECTORS.subarray(6)]);
  return path;
}

describe("an exact index's file", () => {
  it.each([0, 1e9])("gives back ids and vectors, with %d bytes of memory", async (memory) => {
    const rows = await openExactFile(await written(), "k", memory);
    expect(rows).toMatchObject({ rows: 4, dimensions: 2 });
    expect(IDS.map((_, row) => rows!.idOf(row))).toEqual(IDS);
    expect([...(await rows!.read(1, 3))]).toEqual([3, 4, 5, 6]);
    expect([...(await rows!.read(0, 4))]).toEqual([...VECTORS]);
    expect([...(await rows!.read(3, 4))]).toEqual([7, 8]);
    await rows!.close();
  });

  it("is refused cut at any byte, with any byte more, and with any byte changed", async () => {
    const path = await written();
    const whole = await readFile(path);
    const refused = async (bytes: Uint8Array): Promise<boolean> => {
      await writeFile(path, bytes);
      const rows = await openExactFile(path, "k", 1e9);
      await rows?.close();
      return rows === undefined;
    };
    expect(await refused(whole)).toBe(false);
    expect(await refused(Buffer.concat([whole, Buffer.of(0)]))).toBe(true);
    for (let at = 0; at < whole.length; at += 1) {
      expect(await refused(whole.subarray(0, at)), `cut at ${at}`).toBe(true);
      const changed = Buffer.from(whole);
      changed[at]! ^= 0x10;
      expect(await refused(changed), `changed at ${at}`).toBe(true);
    }
  });

  it("is that of its key alone, and no file is no index", async () => {
    const path = await written();
    expect(await openExactFile(path, "other", 0)).toBeUndefined();
    expect(await openExactFile(`${path}.none`, "k", 0)).toBeUndefined();
    expect(await openExactFile(await tempFolder(), "k", 0)).toBeUndefined();
  });

  it("does not write over a file that is there", async () => {
    const path = await written();
    const header = { key: "k", rows: 0, dimensions: 2, idBytes: 0 };
    const empty = { ids: new Uint8Array(0), idStart: new Uint32Array(1) };
    await expect(writeExactFile(path, header, empty, [])).rejects.toMatchObject({ code: "EEXIST" });
  });
});
