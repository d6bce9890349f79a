import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openDataset } from "../dataset.ts";
import { importDataset } from "../import/import-dataset.ts";
import { parsePythonLiteral } from "../import/python-literal.ts";
import { collect } from "../testing/temp-dataset.ts";
import { exportDataset } from "./export-dataset.ts";

describe.skipIf(!hasShared)("LocalRQA's Faire, exported", () => {
  it("comes back equal from CSV, Parquet and JSONL, and is aligned line by line in Hugging Face's files", async () => {
    const dir = await tempFolder();
    const faire = join(dir, "faire");
    await importDataset({ from: "localrqa", source: shared("data/localrqa-faire"), into: faire });
    const before = await openDataset(faire);
    const passages = await collect(before.passages());
    const queries = await collect(before.queries("train"));
    for (const as of ["csv", "parquet", "jsonl"] as const) {
      await exportDataset({ dir: faire, as, into: join(dir, as) });
      await importDataset({ from: "tables", source: join(dir, as), into: join(dir, `from-${as}`) });
      const after = await openDataset(join(dir, `from-${as}`));
      expect(await collect(after.passages())).toEqual(passages);
      expect(await collect(after.queries("train"))).toEqual(queries);
      expect(await after.judgements("train", "passage")).toEqual(await before.judgements("train", "passage"));
    }
    await exportDataset({ dir: faire, as: "hf", into: join(dir, "hf") });
    const lines = async (name: string) => (await readFile(join(dir, "hf", name), "utf8")).split("\n").slice(0, -1);
    const gold = (await lines("train.qa.tsv")).map((line) => parsePythonLiteral(line.slice(line.indexOf("\t") + 1)));
    expect(gold).toEqual(queries.map((query) => ({ ok: true, value: query.answers })));
    expect([(await lines("train.questions")).length, (await lines("train.titles.tsv")).length]).toEqual([575, 575]);
    expect(await lines("knowledge.tsv")).toHaveLength(1757);
  });
});
