import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { type LabelLine, type LabelsHead, labelLine, labelsFile, openLabels, writeRunLabels } from "./run-labels.ts";

const [LOG, RUBRIC] = ["1".repeat(64), "2".repeat(64)];
const HEAD: LabelsHead = { kind: "labels", schema: 1, run: "r", log: LOG, rubric: RUBRIC, at: "", files: [] };
const LINES: LabelLine[] = [
  { kind: "label", query: "../../x", condition: "rag@2", trial: 0, given: [["__proto__", "constructor", 3]] },
  { kind: "label", query: "b", condition: "rag@2", trial: 1, given: [] },
];

describe("labels of a run", () => {
  it("are read back as they were written", async () => {
    const dir = await tempFolder();
    const path = labelsFile(dir, RUBRIC);
    expect(await openLabels(path)).toBeUndefined();
    await writeRunLabels(dir, HEAD, LINES);
    expect(await openLabels(path)).toEqual(HEAD);
    const values = (await readFile(path, "utf8"))
      .trim()
      .split("\n")
      .map((line) => labelLine(JSON.parse(line), path));
    expect(values).toEqual([undefined, ...LINES]);
  });

  it("replace those of the same rubric", async () => {
    const dir = await tempFolder();
    await writeRunLabels(dir, HEAD, LINES);
    await writeRunLabels(dir, HEAD, LINES.slice(1));
    expect((await readFile(labelsFile(dir, RUBRIC), "utf8")).trim().split("\n")).toHaveLength(2);
  });

  it("that are damaged, or of a newer version, are refused with what to do", async () => {
    const dir = await tempFolder();
    const path = labelsFile(dir, RUBRIC);
    await mkdir(dirname(path));
    await writeFile(path, `${JSON.stringify({ ...HEAD, schema: 9 })}\n`);
    await expect(openLabels(path)).rejects.toMatchObject({ code: "E_LABELS_SCHEMA" });
    await writeFile(path, "{\n");
    await expect(openLabels(path)).rejects.toThrow("E_RUN_LINE");
    expect(() => labelLine({ kind: "label", query: "q", condition: "c", trial: 0, given: [["a"]] }, path)).toThrow(
      /E_LABELS[\s\S]*bench calibrate/,
    );
  });
});
