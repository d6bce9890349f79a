import { existsSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { stringify } from "yaml";
import { type Dataset, type DatasetPassage, openDataset, toPassage } from "../dataset.ts";
import { type Layout, layoutOf } from "../layout.ts";
import type { DatasetManifest } from "../manifest.ts";
import { newFolder } from "../new-folder.ts";
import { readRows, strict } from "../read-rows.ts";
import { type DocumentRow, PassageRow, QueryRow, type SpanRow } from "../row-schema.ts";
import type { SpanRule } from "../span-judgements.ts";
import { type ChunkSettings, chunkingOf } from "./chunk-settings.ts";
import { goldSpans, type LostGold } from "./gold-spans.ts";
import { openSourceDocuments, type SourceDocuments } from "./source-documents.ts";
import { type SplitSpans, spanQrels } from "./span-qrels.ts";
import type { TokenOffsets } from "./unit-starts.ts";
import { DOCUMENTS, writeChunks } from "./write-chunks.ts";
import { writeRows } from "./write-rows.ts";

/** What to cut anew, how, and where to. */
export interface RechunkOptions {
  /** The dataset's folder. */
  readonly dataset: string;
  /** The folder to make; its name becomes the new dataset's id. */
  readonly into: string;
  readonly settings: ChunkSettings;
  /** Where tokens start, for the unit `tokens`. */
  readonly tokenOffsets?: TokenOffsets;
  /** When a passage counts as holding a span. @default "lenient" */
  readonly rule?: SpanRule;
  /** Replaces a folder that is there already. @default false */
  readonly force?: boolean;
}

/** What was made. */
export interface RechunkResult {
  readonly dir: string;
  readonly documents: number;
  readonly passages: number;
  readonly splits: ReadonlyMap<string, SplitSpans>;
  /** Judged passages that were not found in their documents: their judgements are gone. */
  readonly lost: readonly LostGold[];
  readonly notes: readonly string[];
}

const QRELS_HEADER = "query-id\tcorpus-id\tscore";

/**
 * Cuts the documents of a dataset anew. The new folder has the same queries, the documents, the judgements as spans of
 * documents (those it had, or the places of its judged passages) and `qrels/<split>.tsv` made from them by the rule; its
 * `dataset.yaml` says how it was cut. Held are the spans of one split, and where passages stand.
 * @throws DataError when the dataset is wrong, a document is missing, or the target is not empty
 * @throws BadArgument when the settings contradict themselves
 */
export async function rechunk(options: RechunkOptions): Promise<RechunkResult> {
  const { into, rule = "lenient", force = false } = options;
  const chunking = chunkingOf(options.settings);
  const dataset = await openDataset(options.dataset);
  const { sha256 } = await dataset.fingerprint();
  return newFolder(into, force, async (dir) => {
    const layout = layoutOf(dir);
    const notes: string[] = [];
    const { documents, passages, joined, splits, lost } = await writeData(dataset, layout, { ...options, rule });
    if (joined) notes.push("the dataset names no documents: its passages were put together again");
    const stale = await copyQueries(layoutOf(dataset.dir), layout);
    if (stale > 0) notes.push(`hard negatives of queries left out, ${stale} times: they name old passages`);
    const { provenance, ...head } = dataset.manifest;
    const manifest: DatasetManifest = {
      ...head,
      id: basename(resolve(into)),
      documents: DOCUMENTS,
      chunking,
      provenance: {
        cut_from: { dataset: dataset.id, sha256 },
        rule,
        ...(provenance === undefined ? {} : { provenance }),
      },
    };
    await writeFile(layout.manifest, stringify(manifest));
    return { dir: into, documents, passages, splits, lost, notes };
  });
}

async function writeData(
  dataset: Dataset,
  layout: Layout,
  { settings, tokenOffsets, rule }: RechunkOptions & { readonly rule: SpanRule },
) {
  const source = await openSourceDocuments(dataset);
  try {
    const counts = await writeChunks(rowsOf(source), layout, settings, tokenOffsets);
    const lost: LostGold[] = [];
    const splits = new Map<string, SplitSpans>();
    await mkdir(layout.qrelsFolder);
    for (const split of dataset.splits) {
      const spans: SpanRow[] = [];
      for await (const span of goldSpans(dataset, split, source, (gold) => lost.push(gold))) spans.push(span);
      const { lines, fate } = await spanQrels(spans, () => passagesOf(layout), rule);
      await writeRows(
        layout.spans(split),
        spans.map((span) => JSON.stringify(span)),
      );
      await writeRows(layout.qrels(split), lines, QRELS_HEADER);
      splits.set(split, fate);
      const old = layoutOf(dataset.dir).documentQrels(split);
      if (existsSync(old)) await copyFile(old, layout.documentQrels(split));
    }
    return { ...counts, joined: source.joined, splits, lost };
  } finally {
    await source.close();
  }
}

async function* rowsOf(source: SourceDocuments): AsyncGenerator<DocumentRow> {
  for (const id of source.ids) yield { _id: id, ...(await source.get(id)) };
}

async function* passagesOf(layout: Layout): AsyncGenerator<DatasetPassage> {
  for await (const row of strict(readRows(layout.corpus, PassageRow))) yield toPassage(row);
}

/** Copies the queries; hard negatives name passages that are no more. @returns how many queries had some */
async function copyQueries(from: Layout, to: Layout): Promise<number> {
  let stale = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const { metadata, ...row } of strict(readRows(from.queries, QueryRow))) {
      const { hard_negatives, ...kept } = (metadata ?? {}) as Record<string, unknown>;
      if (hard_negatives !== undefined) stale += 1;
      yield JSON.stringify(Object.keys(kept).length > 0 ? { ...row, metadata: kept } : row);
    }
  }
  await writeRows(to.queries, lines());
  return stale;
}
