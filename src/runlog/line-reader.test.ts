import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { LineReader } from "./line-reader.ts";

describe("LineReader", () => {
  it("gives each line as it stands, in any order, across the borders of what is read at once", async () => {
    const folder = await tempFolder();
    const path = join(folder, "log");
    const rng = seeded("lines");
    const lines = Array.from(
      { length: 400 },
      (_, i) => `${i} ${"é".repeat(rng.below(i % 50 === 0 ? 300_000 : 3000))}\n`,
    );
    await writeFile(path, lines.join(""));
    const places: { line: string; offset: number; bytes: number }[] = [];
    let offset = 0;
    for (const line of lines) {
      const bytes = Buffer.byteLength(line);
      places.push({ line, offset, bytes });
      offset += bytes;
    }
    const file = await open(path);
    try {
      const reader = new LineReader(file, path);
      const shuffled = places.map((place) => [rng.uint32(), place] as const).sort(([a], [b]) => a - b);
      for (const { line, offset: at, bytes } of [...places, ...shuffled.map(([, place]) => place)]) {
        expect((await reader.read(at, bytes)).toString() === line).toBe(true);
      }
    } finally {
      await file.close();
    }
  });

  it("refuses a place that holds no whole line", async () => {
    const folder = await tempFolder();
    const path = join(folder, "log");
    await writeFile(path, "one\ntwo\n");
    const file = await open(path);
    try {
      const reader = new LineReader(file, path);
      await expect(reader.read(0, 3)).rejects.toMatchObject({ code: "E_RUN_LINE" });
      await expect(reader.read(4, 40)).rejects.toMatchObject({ code: "E_RUN_LINE" });
      await expect(reader.read(1_000_000, 4)).rejects.toMatchObject({ code: "E_RUN_LINE" });
    } finally {
      await file.close();
    }
  });
});
