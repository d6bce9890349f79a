import { createHash } from "node:crypto";
import { DataError, UsageError } from "../core/errors.ts";
import type { Judgements } from "../core/ranking.ts";
import type { Dataset } from "../dataset/index.ts";
import { IdTable } from "../lib/id-table.ts";
import { nearest } from "../lib/nearest.ts";
import { quoteValue } from "../lib/text.ts";
import { QuestionList, type QuestionRecord } from "../runlog/index.ts";
import { sampleIds } from "./sample-ids.ts";

/** The questions a run asks, in the order of the dataset. */
export interface Questions {
  readonly split: string;
  readonly records: QuestionList;
  /**
   * Of which questions are asked, with their texts, references and judgements. Not of the other readings of the gold, which
   * follow from the dataset: runs without them compare.
   */
  readonly sha256: string;
}

export interface QuestionChoice {
  /** Only so many, drawn at random by the seed; see `sampleIds`. */
  readonly limit?: number;
  /** Of the draw. @default 0 */
  readonly seed?: number;
  /** Only these, by id. */
  readonly only?: readonly string[];
  /** Whether judged documents are read with their passages, for metrics that are taken by document. @default false */
  readonly documents?: boolean;
}

/**
 * Reads the questions of a split with their passage-level judgements, by both rules where they are spans.
 * @throws DataError when the split has no question or one twice; UsageError (E_QUERY_UNKNOWN) for ids that are not in it
 */
export async function loadQuestions(
  dataset: Pick<Dataset, "dir" | "queries" | "judgements" | "strictJudgements" | "documentGold">,
  split: string,
  choice: QuestionChoice = {},
): Promise<Questions> {
  const judgements = await dataset.judgements(split, "passage");
  const strict = await dataset.strictJudgements(split);
  const documentGold = choice.documents ? await dataset.documentGold(split) : undefined;
  const only = choice.only && new Set(choice.only);
  const drawn = choice.limit === undefined ? undefined : await sampleIds(asked(), choice.limit, choice.seed ?? 0);
  const seen = new IdTable();
  const records = new QuestionList();
  const hash = createHash("sha256");
  for await (const { id, text, answers, answerable, history, tags, document } of dataset.queries(split)) {
    if (seen.add(id) === undefined) throw repeated(dataset.dir, id);
    if (only?.has(id) === false || drawn?.has(id) === false) continue;
    const record = { id, text, answers, answerable, history, tags, document, judgements: sorted(judgements.get(id)) };
    const whole = strict?.get(id);
    const documents = documentGold?.get(id);
    records.add({
      ...record,
      ...(whole && { strict: sorted(whole) }),
      ...(documents && { documents }),
    } as QuestionRecord);
    hash.update(`${JSON.stringify(record)}\n`);
  }
  if (seen.length === 0) throw empty(dataset.dir, split);
  const unknown = (choice.only ?? []).filter((id) => !seen.has(id));
  if (unknown.length > 0) throw new UsageError(...unknown.map((id) => unknownQuery(split, id, seen)));
  return { split, records, sha256: hash.digest("hex") };

  async function* asked(): AsyncGenerator<string> {
    for await (const { id } of dataset.queries(split)) if (only?.has(id) !== false) yield id;
  }
}

/** Best grade first, equal grades by id. */
function sorted(judgements: Judgements = new Map()): [string, number][] {
  return Array.from(judgements).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : a > b ? 1 : 0));
}

function unknownQuery(split: string, id: string, known: Iterable<string>) {
  const near = nearest(id, known);
  return {
    code: "E_QUERY_UNKNOWN",
    where: "the command line",
    expected: `the id of a question of the split ${split}`,
    got: quoteValue(id),
    fix: near === undefined ? "look the id up in the dataset's queries.jsonl" : `did you mean ${quoteValue(near)}?`,
  };
}

function empty(dir: string, split: string): DataError {
  return new DataError([
    {
      code: "E_DATASET_SPLIT",
      where: dir,
      expected: `questions in the split ${split}`,
      got: "none",
      fix: "name another split in the suite, or add questions to this one",
    },
  ]);
}

function repeated(dir: string, id: string): DataError {
  return new DataError([
    {
      code: "E_DATASET_ROW",
      where: `${dir}/queries.jsonl`,
      expected: "each question once",
      got: `${quoteValue(id)} again`,
      fix: "remove one of the two; `bench dataset check` lists all",
    },
  ]);
}
