import { existsSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../core/errors.ts";
import { type Documents, openDocuments } from "../documents.ts";
import { IdIndex } from "../id-index.ts";
import { type Layout, layoutOf, qrelsFiles, splitsOfFiles } from "../layout.ts";
import { readManifest } from "../manifest.ts";
import { countLines } from "../row-store.ts";
import { checkCorpus, uncutDocument } from "./check-corpus.ts";
import { checkQrels, checkUnlisted, dangling, type Grades, type Missing } from "./check-qrels.ts";
import { checkQueries } from "./check-queries.ts";
import { checkRelations, checkSharedGold, type JudgedSplit } from "./check-relations.ts";
import { checkStart, KnownRows } from "./check-rows.ts";
import { checkSpans } from "./check-spans.ts";
import { error, type Finding } from "./finding.ts";

export type { Finding } from "./finding.ts";

/** What `checkDataset` found. */
export interface DatasetCheck {
  /** What makes the dataset unusable, at most `limit` of each code. */
  readonly problems: readonly Finding[];
  /** What a person should look at, at most `limit` of each code. */
  readonly warnings: readonly Finding[];
  /** Code → how many were found, those beyond the limit too. */
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Checks a dataset and keeps the first findings of each code.
 * @param options.limit how many findings of one code are kept. @default 20
 */
export async function checkDataset(dir: string, options: { limit?: number } = {}): Promise<DatasetCheck> {
  const limit = options.limit ?? 20;
  const problems: Finding[] = [];
  const warnings: Finding[] = [];
  const counts = new Map<string, number>();
  for await (const finding of datasetProblems(dir)) {
    const count = (counts.get(finding.code) ?? 0) + 1;
    counts.set(finding.code, count);
    if (count <= limit) (finding.severity === "error" ? problems : warnings).push(finding);
  }
  return { problems, warnings, counts };
}

/**
 * Streams everything that is wrong or doubtful in a dataset, file by file. Rows are not held: 22 bytes for each passage
 * and query; the judgements are held.
 */
export async function* datasetProblems(dir: string): AsyncGenerator<Finding> {
  const layout = layoutOf(dir);
  const files = await qrelsFiles(layout);
  const inFiles = splitsOfFiles(files);
  const manifest = yield* orFindings(readManifest(dir));
  const splits = manifest?.splits ?? inFiles;
  if (splits.length === 0) return;
  for (const path of [layout.corpus, layout.queries, ...files.map((f) => join(layout.qrelsFolder, f))])
    yield* checkStart(path);
  const documents = yield* orFindings(openDocuments(dir, manifest ?? {}));
  const passages = yield* orFindings(KnownRows.open(layout.corpus));
  const queries = yield* orFindings(KnownRows.open(layout.queries));
  try {
    const cut = splits.some((split) => existsSync(layout.documentQrels(split)))
      ? await idsOf(layout.corpus)
      : undefined;
    if (passages) yield* checkCorpus(layout.corpus, passages, documents, cut);
    if (queries) yield* checkQueries(layout.queries, queries, splits);
    if (!passages || !queries) return;
    yield* checkUnlisted(layout, inFiles, splits);
    const judged: JudgedSplit[] = [];
    for (const split of splits) judged.push(yield* checkSplit(layout, split, { passages, queries, documents, cut }));
    yield* checkRelations(layout.queries, judged, passages, queries);
    yield* checkSharedGold(dir, judged);
  } finally {
    await Promise.all([documents?.close(), passages?.close(), queries?.close()]);
  }
}

/** What judgements may speak of. */
interface Known {
  readonly passages: KnownRows;
  readonly queries: KnownRows;
  /** The source pages, where they are at hand. */
  readonly documents: Documents | undefined;
  /** The documents that the passages were cut from; absent where no document is judged. */
  readonly cut: IdIndex | undefined;
}

/** An empty index that has room for a document of each passage. */
async function idsOf(corpus: string): Promise<IdIndex> {
  return new IdIndex(await countLines(corpus).catch(() => 0));
}

async function* checkSplit(
  layout: Layout,
  split: string,
  { passages, queries, documents, cut }: Known,
): AsyncGenerator<Finding, JudgedSplit> {
  const [qrels, documentQrels, spans] = [layout.qrels(split), layout.documentQrels(split), layout.spans(split)];
  const passageGrades: Grades = new Map();
  const documentGrades: Grades = new Map();
  if (existsSync(qrels)) {
    const missing: Missing = (where, id) =>
      passages.has(id) ? undefined : dangling(where, "passage", id, "corpus.jsonl");
    yield* checkQrels(qrels, queries, missing, passageGrades);
  }
  if (existsSync(documentQrels)) {
    // Without passages only answers are measured, and documents are named for the record.
    const missing: Missing = (where, id) =>
      cut === undefined || cut.size === 0 || cut.find(id) !== -1 ? undefined : uncutDocument(where, id);
    yield* checkQrels(documentQrels, queries, missing, documentGrades);
  }
  const ofSpans = existsSync(spans) ? yield* checkSpans(spans, layout.corpus, queries, documents) : undefined;
  return {
    split,
    hasQrels: [qrels, documentQrels, spans].some((path) => existsSync(path)),
    passages: ofSpans === undefined || existsSync(qrels) ? passageGrades : ofSpans.passages,
    others: new Map([...(ofSpans?.documents ?? []), ...documentGrades]),
  };
}

/** The value, or the problems of the error that kept it from being there. */
async function* orFindings<T>(promise: Promise<T>): AsyncGenerator<Finding, T | undefined> {
  try {
    return await promise;
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    for (const problem of cause.problems) yield error(problem);
    return undefined;
  }
}
