import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { sliceCodePoints } from "../../lib/text.ts";
import { openDataset } from "../dataset.ts";
import { openDocuments } from "../documents.ts";
import { importDataset } from "../import/import-dataset.ts";
import { CHUNK_PRESETS, type ChunkSettings } from "./chunk-settings.ts";
import { rechunk } from "./rechunk.ts";
import { unitStarts } from "./unit-starts.ts";

const HANDBOOK = fileURLToPath(new URL("../../../datasets/handbook", import.meta.url));

it.each<ChunkSettings>([
  { unit: "words", size: 10 },
  { unit: "words", size: 25, overlap: 5 },
  { unit: "words", size: 50 },
  { unit: "words", size: 100, overlap: 20 },
  { unit: "words", size: 400, overlap: 50 },
  { unit: "characters", size: 60 },
  { unit: "characters", size: 1000, overlap: 100 },
  { unit: "sentences", size: 1 },
  { unit: "sentences", size: 5, overlap: 1 },
])("the handbook: every judged span has a passage when cut by $size $unit, $overlap shared", async (settings) => {
  const into = join(await tempFolder(), "handbook");
  const { splits, lost } = await rechunk({ dataset: HANDBOOK, into, settings });
  expect(lost).toEqual([]);
  let all = 0;
  for (const { spans, lenient, strict } of splits.values()) {
    expect(lenient).toBe(spans);
    expect(strict).toBeLessThanOrEqual(spans);
    all += spans;
  }
  expect(all).toBeGreaterThanOrEqual(187);
  const made = await openDataset(into);
  const documents = (await openDocuments(into, made.manifest))!;
  for await (const { document, start, end, text } of made.passages()) {
    expect(
      Array.from((await documents.text(document))!)
        .slice(start, end)
        .join(""),
    ).toBe(text);
  }
  await documents.close();
});

describe.skipIf(!hasShared)("real datasets", () => {
  it("squad2-half-dev: paragraphs to passages of 50, 100 and 200 words, and no question loses its gold", async () => {
    const dir = await tempFolder();
    const squad = join(dir, "squad");
    const path = shared("data/squad2-half-dev/dev-v2.0.json");
    await importDataset({ from: "squad2", source: [{ split: "test", path }], into: squad });
    const seen: [number, number, number][] = [];
    for (const size of [50, 100, 200]) {
      const into = join(dir, `words-${size}`);
      const result = await rechunk({ dataset: squad, into, settings: { unit: "words", size } });
      const { spans, lenient, strict } = result.splits.get("test")!;
      expect([result.documents, result.lost.length, spans, lenient]).toEqual([16, 0, 2910, 2910]);
      seen.push([size, result.passages, strict]);
      const made = await openDataset(into);
      for await (const { text } of made.passages()) expect(unitStarts(text, "words").length).toBeLessThanOrEqual(size);
      expect((await made.judgements("test", "passage")).size).toBe(2910);
    }
    // Size, passages, and questions whose whole paragraph is in one passage.
    expect(seen).toEqual([
      [50, 2128, 21],
      [100, 1042, 613],
      [200, 538, 2307],
    ]);
  }, 60_000);

  it("localrqa-faire: 964 sections of 249 pages to passages of 400 words and of 1,000 characters", async () => {
    const dir = await tempFolder();
    const faire = join(dir, "faire");
    await importDataset({ from: "localrqa", source: shared("data/localrqa-faire"), into: faire });
    const documents = (await openDocuments(faire, { documents: "documents.jsonl" }))!;
    const seen: [string, number, number][] = [];
    for (const settings of [{ unit: "words", size: 400, overlap: 50 }, CHUNK_PRESETS.raft] as const) {
      const into = join(dir, settings.unit);
      const { lost, passages, splits } = await rechunk({ dataset: faire, into, settings });
      expect(lost).toEqual([]);
      const fates = [...splits.values()];
      expect(fates.map(({ spans }) => spans)).toEqual([73, 75, 575]);
      expect(fates.map(({ lenient }) => lenient)).toEqual([73, 75, 575]);
      seen.push([settings.unit, passages, fates.reduce((sum, { strict }) => sum + strict, 0)]);
      for await (const { document, start, end, text } of (await openDataset(into)).passages()) {
        expect(sliceCodePoints((await documents.text(document))!, start!, end!)).toBe(text);
        expect(unitStarts(text, settings.unit).length).toBeLessThanOrEqual(settings.size);
      }
    }
    await documents.close();
    // Unit, passages, and judged passages of the source that one passage holds whole.
    expect(seen).toEqual([
      ["words", 815, 605],
      ["characters", 1866, 354],
    ]);
  }, 60_000);
});
