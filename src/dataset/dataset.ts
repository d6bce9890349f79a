import { existsSync } from "node:fs";
import { DataError } from "../core/errors.ts";
import type { Passage } from "../core/passage.ts";
import type { Problem } from "../core/problem.ts";
import type { Query } from "../core/query.ts";
import type { Judgements } from "../core/ranking.ts";
import { nearest } from "../lib/nearest.ts";
import { quoteValue } from "../lib/text.ts";
import { documentGold, type JudgedDocument } from "./document-gold.ts";
import { type Fingerprint, fingerprintOf } from "./fingerprint.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { type DatasetManifest, readManifest } from "./manifest.ts";
import { readPlainQrels } from "./plain-qrels.ts";
import { readQrels } from "./read-qrels.ts";
import { readRows, strict } from "./read-rows.ts";
import { PassageRow, QueryRow, SpanRow } from "./row-schema.ts";
import { judgementsFromSpans, raise, type SpanRule, strictJudgements } from "./span-judgements.ts";

/** Anything else that a row says of itself. */
export type Metadata = Readonly<Record<string, unknown>>;
export type DatasetPassage = Passage & { readonly metadata?: Metadata };
export type DatasetQuery = Query & { readonly metadata?: Metadata };

/** Query id → judged ids with their grades. */
export type Qrels = ReadonlyMap<string, Judgements>;

/** A dataset on disk. Reading a file with a bad row throws a DataError that lists the problems of that file. */
export interface Dataset {
  readonly id: string;
  readonly dir: string;
  readonly title: string;
  readonly splits: readonly string[];
  readonly manifest: DatasetManifest;
  /** Streams `corpus.jsonl` in file order; nothing is held. */
  passages(): AsyncIterable<DatasetPassage>;
  /**
   * Streams the queries of a split in file order: those whose `split` names it, and those that its qrels judge.
   * @throws DataError when there is no such split
   */
  queries(split: string): AsyncIterable<DatasetQuery>;
  /**
   * The judgements of a split, held in memory. Passage level: `qrels/<split>.tsv`, or, where that is absent, the
   * spans of `qrels/<split>.spans.jsonl` mapped to passages (see `judgementsFromSpans`). Document level:
   * `qrels/<split>.documents.tsv`, or else the highest grade of a document's passages (or spans).
   * @param rule passage level only: map the spans by this rule, whatever `qrels/<split>.tsv` says, where there are spans
   */
  judgements(split: string, level: "passage" | "document", rule?: SpanRule): Promise<Qrels>;
  /** What to score a split by where a passage must hold a whole span; undefined when the dataset has no spans. */
  strictJudgements(split: string): Promise<Qrels | undefined>;
  /** The judged documents of a split with their passages, for metrics that are taken by document. */
  documentGold(split: string): Promise<ReadonlyMap<string, readonly JudgedDocument[]>>;
  /** Streams the judged spans of a split; none when the dataset has no spans. */
  spans(split: string): AsyncIterable<SpanRow>;
  /** Hashes and counts; the files are read on the first call only. */
  fingerprint(): Promise<Fingerprint>;
}

/**
 * Opens a dataset folder; only `dataset.yaml` (or the names in `qrels/`) is read.
 * @throws DataError when there is no dataset or `dataset.yaml` is wrong
 */
export async function openDataset(dir: string): Promise<Dataset> {
  const manifest = await readManifest(dir);
  const layout = layoutOf(dir);
  const { splits } = manifest;
  let fingerprint: Promise<Fingerprint> | undefined;
  const known = (split: string): void => {
    if (!splits.includes(split)) throw unknownSplit(dir, split, splits);
  };
  return {
    id: manifest.id,
    dir,
    title: manifest.title ?? manifest.id,
    splits,
    manifest,
    passages: () => readPassages(layout),
    async *queries(split) {
      known(split);
      const judged = await judgedQueries(layout, split);
      for await (const row of strict(readRows(layout.queries, QueryRow))) {
        if (row.split === split || judged.has(row._id)) yield toQuery(row);
      }
    },
    async judgements(split, level, rule) {
      known(split);
      return level === "passage" ? passageJudgements(layout, split, rule) : documentJudgements(layout, split);
    },
    async strictJudgements(split) {
      known(split);
      return existsSync(layout.spans(split))
        ? strictJudgements(readSpans(layout, split), readPassages(layout))
        : undefined;
    },
    async documentGold(split) {
      known(split);
      return documentGold(await documentJudgements(layout, split), readPassages(layout));
    },
    async *spans(split) {
      known(split);
      yield* readSpans(layout, split);
    },
    fingerprint: () => (fingerprint ??= fingerprintOf(layout)),
  };
}

/** The passage a row of `corpus.jsonl` describes; one without a document is a document of its own. */
export function toPassage({ _id, document, ...rest }: PassageRow): DatasetPassage {
  return { id: _id, ...rest, document: document ?? _id };
}

/** The query a row of `queries.jsonl` describes. */
export function toQuery({ _id, ...rest }: QueryRow): DatasetQuery {
  return { id: _id, ...rest };
}

async function* readPassages(layout: Layout): AsyncGenerator<DatasetPassage> {
  for await (const row of strict(readRows(layout.corpus, PassageRow))) yield toPassage(row);
}

async function* readSpans(layout: Layout, split: string): AsyncGenerator<SpanRow> {
  const path = layout.spans(split);
  if (existsSync(path)) yield* strict(readRows(path, SpanRow));
}

/** The judgements of a file by query; empty where there is none. */
export async function readJudgements(path: string): Promise<Map<string, Map<string, number>>> {
  const judged = new Map<string, Map<string, number>>();
  if (!existsSync(path)) return judged;
  const plain = await readPlainQrels(path);
  if (plain) return plain;
  const contradictions: Problem[] = [];
  for await (const { query, target, grade } of strict(readQrels(path))) {
    const before = judged.get(query)?.get(target);
    if (before !== undefined && before !== grade)
      contradictions.push(contradiction(path, query, target, before, grade));
    raise(judged, query, target, grade);
  }
  if (contradictions.length > 0) throw new DataError(contradictions);
  return judged;
}

function contradiction(path: string, query: string, target: string, before: number, grade: number): Problem {
  return {
    code: "E_DATASET_DUPLICATE",
    where: path,
    expected: "one judgement of a pair",
    got: `${quoteValue(query)} and ${quoteValue(target)} with grade ${grade} after ${before}`,
    fix: "keep the grade that is right; `bench dataset check` names the lines",
  };
}

async function passageJudgements(layout: Layout, split: string, rule?: SpanRule): Promise<Qrels> {
  const asked = rule !== undefined || !existsSync(layout.qrels(split));
  if (!asked || !existsSync(layout.spans(split))) return readJudgements(layout.qrels(split));
  return judgementsFromSpans(readSpans(layout, split), readPassages(layout), rule);
}

async function documentJudgements(layout: Layout, split: string): Promise<Qrels> {
  if (existsSync(layout.documentQrels(split))) return readJudgements(layout.documentQrels(split));
  const documents = new Map<string, Map<string, number>>();
  for await (const span of readSpans(layout, split)) raise(documents, span.query, span.document, span.grade);
  if (documents.size > 0) return documents;
  const byPassage = new Map<string, [query: string, grade: number][]>();
  for (const [query, grades] of await readJudgements(layout.qrels(split))) {
    for (const [passage, grade] of grades) {
      const judgements = byPassage.get(passage);
      if (judgements) judgements.push([query, grade]);
      else byPassage.set(passage, [[query, grade]]);
    }
  }
  for await (const passage of readPassages(layout)) {
    for (const [query, grade] of byPassage.get(passage.id) ?? []) raise(documents, query, passage.document, grade);
  }
  return documents;
}

/** The ids of all queries that any of the split's files judges. */
async function judgedQueries(layout: Layout, split: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const path of [layout.qrels(split), layout.documentQrels(split)]) {
    if (!existsSync(path)) continue;
    for await (const { query } of strict(readQrels(path))) ids.add(query);
  }
  for await (const { query } of readSpans(layout, split)) ids.add(query);
  return ids;
}

function unknownSplit(dir: string, split: string, splits: readonly string[]): DataError {
  const near = nearest(split, splits);
  return new DataError([
    {
      code: "E_DATASET_SPLIT",
      where: dir,
      expected: `one of the splits ${splits.join(", ")}`,
      got: quoteValue(split),
      fix: near === undefined ? "name a split of this dataset" : `did you mean "${near}"?`,
    },
  ]);
}
