import { truncate } from "../lib/text.ts";
import { type Dataset, type DatasetQuery, openDataset, type Qrels } from "./dataset.ts";
import { IdIndex } from "./id-index.ts";
import { type LengthSummary, Lengths, words } from "./lengths.ts";

/** What a dataset holds, for people. Lengths are in words. */
export interface DatasetDescription {
  readonly id: string;
  readonly title: string;
  readonly version?: string;
  readonly license?: string;
  readonly language?: string;
  readonly description?: string;
  readonly sha256: string;
  readonly passages: number;
  /** Distinct documents of the passages. */
  readonly documents: number;
  readonly passageLengths: LengthSummary | undefined;
  /** All rows of `queries.jsonl`, those of no split too. */
  readonly queries: number;
  readonly splits: readonly SplitDescription[];
}

export interface SplitDescription {
  readonly split: string;
  readonly queries: number;
  readonly withAnswers: number;
  readonly withHistory: number;
  readonly unanswerable: number;
  /** Answerable ÷ all, in [0, 1]; a query that does not say counts as answerable. Undefined without queries. */
  readonly answerableShare: number | undefined;
  /** Queries with a relevant (grade >= 1) passage. */
  readonly judged: number;
  /** Grade → number of passage judgements, ascending. */
  readonly grades: ReadonlyMap<number, number>;
  readonly questionLengths: LengthSummary | undefined;
  readonly answerLengths: LengthSummary | undefined;
  /** Tag → queries that have it, most frequent first. */
  readonly tags: ReadonlyMap<string, number>;
  /** The first queries of the split. */
  readonly examples: readonly Example[];
}

export interface Example {
  readonly id: string;
  readonly text: string;
  readonly answers: readonly string[];
  readonly answerable: boolean;
  /** Relevant passages, highest grade first, with the beginning of their text; at most 3. */
  readonly gold: readonly { readonly id: string; readonly grade: number; readonly text: string }[];
}

const MAX_GOLD = 3;
const TEXT_SHOWN = 300;

/**
 * Reads a dataset through and describes it. Nothing but the judgements of one split is held at a time.
 * @param options.examples how many queries of each split are shown. @default 3
 * @throws DataError when a file has a bad row
 */
export async function describeDataset(dir: string, options: { examples?: number } = {}): Promise<DatasetDescription> {
  const dataset = await openDataset(dir);
  const { sha256, queries, passages } = await dataset.fingerprint();
  const texts = new Map<string, string>();
  const splits: (Omit<SplitDescription, "examples"> & { examples: Draft[] })[] = [];
  for (const split of dataset.splits) splits.push(await describeSplit(dataset, split, options.examples ?? 3));
  for (const { examples } of splits) for (const { gold } of examples) for (const [id] of gold) texts.set(id, "");
  const documents = new IdIndex(passages);
  let distinct = 0;
  const lengths = new Lengths();
  for await (const passage of dataset.passages()) {
    if (documents.add(passage.document) === -1) distinct += 1;
    lengths.add(words(passage.text));
    if (texts.has(passage.id)) texts.set(passage.id, truncate(passage.text, TEXT_SHOWN));
  }
  const { version, license, language, description } = dataset.manifest;
  return {
    id: dataset.id,
    title: dataset.title,
    ...(version === undefined ? {} : { version: String(version) }),
    ...(license === undefined ? {} : { license }),
    ...(language === undefined ? {} : { language }),
    ...(description === undefined ? {} : { description }),
    sha256,
    passages,
    documents: distinct,
    passageLengths: lengths.summary(),
    queries,
    splits: splits.map((split) => ({
      ...split,
      examples: split.examples.map((example) => ({
        ...example,
        gold: example.gold.map(([id, grade]) => ({ id, grade, text: texts.get(id) ?? "" })),
      })),
    })),
  };
}

/** An example whose passages have no text yet. */
type Draft = Omit<Example, "gold"> & { readonly gold: readonly (readonly [id: string, grade: number])[] };

async function describeSplit(
  dataset: Dataset,
  split: string,
  shown: number,
): Promise<Omit<SplitDescription, "examples"> & { examples: Draft[] }> {
  const judgements = await dataset.judgements(split, "passage");
  const questions = new Lengths();
  const answers = new Lengths();
  const tags = new Map<string, number>();
  const examples: Draft[] = [];
  let [withAnswers, withHistory, unanswerable, judged] = [0, 0, 0, 0];
  for await (const query of dataset.queries(split)) {
    const gold = goldOf(query.id, judgements);
    questions.add(words(query.text));
    for (const answer of query.answers ?? []) answers.add(words(answer));
    for (const tag of query.tags ?? []) tags.set(tag, (tags.get(tag) ?? 0) + 1);
    if (query.answers?.length) withAnswers += 1;
    if (query.history?.length) withHistory += 1;
    if (query.answerable === false) unanswerable += 1;
    if (gold.length > 0) judged += 1;
    if (examples.length < shown) examples.push(draft(query, gold.slice(0, MAX_GOLD)));
  }
  const questionLengths = questions.summary();
  const queries = questionLengths?.n ?? 0;
  return {
    split,
    queries,
    withAnswers,
    withHistory,
    unanswerable,
    answerableShare: queries === 0 ? undefined : 1 - unanswerable / queries,
    judged,
    grades: gradesOf(judgements),
    questionLengths,
    answerLengths: answers.summary(),
    tags: new Map([...tags].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))),
    examples,
  };
}

function goldOf(query: string, judgements: Qrels): (readonly [string, number])[] {
  return [...(judgements.get(query) ?? [])].filter(([, grade]) => grade >= 1).sort(([, a], [, b]) => b - a);
}

function gradesOf(judgements: Qrels): Map<number, number> {
  const grades = new Map<number, number>();
  for (const judged of judgements.values()) {
    for (const grade of judged.values()) grades.set(grade, (grades.get(grade) ?? 0) + 1);
  }
  return new Map([...grades].sort(([a], [b]) => a - b));
}

function draft({ id, text, answers = [], answerable = true }: DatasetQuery, gold: Draft["gold"]): Draft {
  return { id, text: truncate(text, TEXT_SHOWN), answers, answerable, gold };
}
