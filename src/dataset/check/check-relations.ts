import { quoteValue } from "../../lib/text.ts";
import { IdIndex } from "../id-index.ts";
import { readRows } from "../read-rows.ts";
import { type PassageRow, QueryRow } from "../row-schema.ts";
import type { Grades } from "./check-qrels.ts";
import type { KnownRows } from "./check-rows.ts";
import { error, type Finding, warning } from "./finding.ts";

/** The judgements of one split, at every level it has. */
export interface JudgedSplit {
  readonly split: string;
  /** Whether the split has a file of judgements at all. */
  readonly hasQrels: boolean;
  readonly passages: Grades;
  /** Of documents and spans. */
  readonly others: Grades;
}

/** A longer answer is a text of its own and not expected word for word. */
const MAX_ANSWER_WORDS = 8;

/**
 * Checks what rows say of each other: answerability against judgements, answers against gold passages, questions
 * asked in two splits, splits without queries. Reads the queries once more, and the gold passages from disk.
 */
export async function* checkRelations(
  path: string,
  judged: readonly JudgedSplit[],
  passages: KnownRows,
  queries: KnownRows,
): AsyncGenerator<Finding> {
  const texts = new IdIndex(queries.index.size * Math.max(1, judged.length));
  const places: { split: string; line: number }[] = [];
  const members = new Map(judged.map(({ split }) => [split, 0]));
  for await (const row of readRows(path, QueryRow)) {
    if (row.problems !== undefined) continue;
    const { value: query, line } = row;
    const where = (pointer: string): string => `${path}:${line} ${pointer}`;
    for (const split of judged) {
      const inQrels = split.passages.has(query._id) || split.others.has(query._id);
      if (query.split !== split.split && !inQrels) continue;
      members.set(split.split, members.get(split.split)! + 1);
      yield* checkAnswerable(query, split, where);
      yield* checkAnswers(query, split, passages, where);
      const earlier = places[texts.add(normalise(query.text))];
      places.push({ split: split.split, line });
      if (earlier !== undefined && earlier.split !== split.split)
        yield askedTwice(where("/text"), split.split, earlier);
    }
  }
  for (const [split, count] of members) if (count === 0) yield noQueries(path, split);
  for (const { split, hasQrels } of judged) if (!hasQrels) yield noQrels(path, split);
}

function* checkAnswerable(query: QueryRow, split: JudgedSplit, where: (pointer: string) => string): Generator<Finding> {
  const relevant = [split.passages, split.others].some((grades) =>
    [...(grades.get(query._id)?.values() ?? [])].some((grade) => grade >= 1),
  );
  if (query.answerable === false && relevant) {
    const fix = "remove the judgements, or the answerable: false";
    const got = `"answerable": false and relevant judgements in ${split.split}`;
    yield error({
      code: "E_DATASET_ANSWERABLE",
      where: where("/answerable"),
      expected: "no relevant judgement of an unanswerable query",
      got,
      fix,
    });
  }
  if (query.answerable === false && (query.answers?.length ?? 0) > 0) {
    const fix = 'remove the answers, or say "answerable": true';
    const got = `${query.answers?.length} answers`;
    yield error({
      code: "E_DATASET_ANSWERABLE",
      where: where("/answers"),
      expected: "no answers of an unanswerable query",
      got,
      fix,
    });
  }
  if (query.answerable !== false && !relevant && split.hasQrels) {
    const fix = 'judge a passage, or say "answerable": false';
    yield warning({
      code: "W_DATASET_UNJUDGED",
      where: where("/_id"),
      expected: `a relevant judgement in ${split.split}`,
      got: `none for ${quoteValue(query._id)}`,
      fix,
    });
  }
}

async function* checkAnswers(
  query: QueryRow,
  split: JudgedSplit,
  passages: KnownRows,
  where: (pointer: string) => string,
): AsyncGenerator<Finding> {
  const answers = (query.answers ?? []).map(normalise).filter((answer) => answer.trim() !== "");
  const gold = [...(split.passages.get(query._id) ?? [])].filter(([, grade]) => grade >= 1);
  if (answers.length === 0 || gold.length === 0) return;
  if (answers.some((answer) => answer.trim().split(" ").length > MAX_ANSWER_WORDS)) return;
  for (const [id] of gold) {
    const passage = await passages.read<PassageRow>(id);
    if (passage === undefined) continue;
    const text = normalise(`${passage.title ?? ""} ${passage.text}`);
    if (answers.some((answer) => text.includes(answer))) return;
  }
  yield warning({
    code: "W_DATASET_ANSWER",
    where: where("/answers"),
    expected: "an answer whose words stand in a gold passage",
    got: quoteValue(query.answers?.[0]),
    fix: "check the answer and the judgements; fine where the answer must be worked out",
  });
}

/** Lower case, letters and digits only, one space between words and at both ends. */
function normalise(text: string): string {
  return ` ${text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, " ")
    .trim()} `;
}

function askedTwice(where: string, split: string, earlier: { split: string; line: number }): Finding {
  return warning({
    code: "W_DATASET_LEAK",
    where,
    expected: "questions of one split only",
    got: `a question of ${split} that ${earlier.split} asks too (line ${earlier.line})`,
    fix: "keep it in one split: what was trained on must not be tested on",
  });
}

function noQueries(where: string, split: string): Finding {
  const fix = 'give queries "split", judge them in qrels/, or take the split out of dataset.yaml';
  return warning({ code: "W_DATASET_SPLIT", where, expected: `queries of the split ${split}`, got: "none", fix });
}

function noQrels(where: string, split: string): Finding {
  const fix = `judge them in qrels/${split}.tsv, or measure answers only`;
  return warning({
    code: "W_DATASET_UNJUDGED",
    where,
    expected: `judgements of the split ${split}`,
    got: "no file",
    fix,
  });
}

/** Gold passages that two splits share, one finding for each pair of splits. */
export function* checkSharedGold(dir: string, judged: readonly JudgedSplit[]): Generator<Finding> {
  const owner = new Map<string, string>();
  const shared = new Map<string, { pair: readonly [string, string]; count: number; example: string }>();
  for (const { split, passages } of judged) {
    for (const grades of passages.values()) {
      for (const [passage, grade] of grades) {
        if (grade < 1) continue;
        const other = owner.get(passage);
        if (other === undefined) owner.set(passage, split);
        else if (other !== split) {
          const key = `${other}\t${split}`;
          const before = shared.get(key);
          shared.set(key, {
            pair: [other, split],
            count: (before?.count ?? 0) + 1,
            example: before?.example ?? passage,
          });
        }
      }
    }
  }
  for (const { pair, count, example } of shared.values()) {
    yield warning({
      code: "W_DATASET_LEAK",
      where: dir,
      expected: `gold passages of one split only`,
      got: `${count} judgements of ${pair[1]} on gold passages of ${pair[0]}, for example ${quoteValue(example)}`,
      fix: "split by document, so that what was trained on is not tested on",
    });
  }
}
