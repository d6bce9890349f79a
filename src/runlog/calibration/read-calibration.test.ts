import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import type { Calibration } from "./calibration-schema.ts";
import type { Corrections } from "./correction-schema.ts";
import { readCalibration, readCorrections } from "./read-calibration.ts";

const sha = (digit: string) => digit.repeat(64);
const judge = { id: "j", sha256: sha("1"), rubric: sha("2") };
const calibration: Calibration = {
  ...{ kind: "calibration", schema: 1, judge, at: "2026-05-31T00:00:00.000Z", level: 0.95, thresholds: [] },
  labels: { files: [{ name: "l.jsonl", sha256: sha("3") }], labels: 4, items: 4, raters: 1 },
  criteria: [
    {
      ...{ id: "correct", scale: [0, 1], n: 4, questions: 4, judgeFailed: 0, bySystem: [], byTag: [] },
      figures: { exact: { value: 0.75, n: 4 }, kappa: { reason: "too few", n: 4 } },
      confusion: [
        [1, 1],
        [0, 2],
      ],
    },
  ],
};
const corrections: Corrections = {
  ...{ kind: "corrections", schema: 1, run: "r", log: sha("4"), judge, at: "", level: 0.95, labels: { files: [] } },
  means: [],
};

async function kept(content: unknown): Promise<string> {
  const path = join(await tempFolder(), "kept.json");
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

describe.each([
  ["readCalibration", readCalibration, calibration, "E_CALIBRATION"],
  ["readCorrections", readCorrections, corrections, "E_CORRECTION"],
] as const)("%s", (_, read, whole, code) => {
  it("gives back what was kept, and nothing where nothing was", async () => {
    expect(await read(await kept(whole))).toEqual(whole);
    expect(await read(join(await tempFolder(), "none.json"))).toBeUndefined();
  });

  it("refuses what is damaged, with the place and what to do", async () => {
    await expect(read(await kept("{"))).rejects.toThrow(code);
    await expect(read(await kept("null"))).rejects.toThrow(code);
    await expect(read(await kept({ ...whole, judge: { ...judge, sha256: "short" } }))).rejects.toThrow(
      /kept\.json \/judge\/sha256[\s\S]*fix: (?:calibrate|correct) again/,
    );
  });

  it("refuses what a newer version wrote", async () => {
    await expect(read(await kept({ ...whole, schema: 9 }))).rejects.toThrow(`${code}_SCHEMA`);
  });
});
