import { existsSync } from "node:fs";
import { quoteValue } from "../../lib/text.ts";
import type { Layout } from "../layout.ts";
import { readQrels } from "../read-qrels.ts";
import type { KnownRows } from "./check-rows.ts";
import { error, type Finding, warning } from "./finding.ts";

/** Query → judged id → grade: the judgements of one file, held. */
export type Grades = Map<string, Map<string, number>>;

/** What is to be said of a judged id; nothing where it is known. */
export type Missing = (where: string, id: string) => Finding | undefined;

/** Checks one qrels file and collects its good judgements. */
export async function* checkQrels(
  path: string,
  queries: KnownRows,
  missing: Missing,
  grades: Grades,
): AsyncGenerator<Finding> {
  for await (const row of readQrels(path)) {
    if (row.problems !== undefined) {
      for (const problem of row.problems) yield error(problem);
      continue;
    }
    const where = `${path}:${row.line}`;
    const { query, target, grade } = row.value;
    if (!queries.has(query)) yield dangling(where, "query", query, "queries.jsonl");
    const finding = missing(where, target);
    if (finding !== undefined) yield finding;
    let judged = grades.get(query);
    if (judged === undefined) {
      judged = new Map();
      grades.set(query, judged);
    }
    const before = judged.get(target);
    if (before !== undefined) yield repeated(where, query, target, before, grade);
    judged.set(target, grade);
  }
}

/** A judgement or span that names something that is not there. */
export function dangling(where: string, kind: "query" | "passage", id: string, file: string): Finding {
  return error({
    code: "E_DATASET_DANGLING",
    where,
    expected: `a ${kind} that is in ${file}`,
    got: quoteValue(id),
    fix: `add the ${kind} to ${file}, or remove the line`,
  });
}

function repeated(where: string, query: string, target: string, before: number, grade: number): Finding {
  const pair = `${quoteValue(query)} and ${quoteValue(target)}`;
  const expected = "one judgement of a pair";
  return before === grade
    ? warning({
        code: "W_DATASET_DUPLICATE",
        where,
        expected,
        got: `${pair} again, with the same grade`,
        fix: "remove the line",
      })
    : error({
        code: "E_DATASET_DUPLICATE",
        where,
        expected,
        got: `${pair} again, with grade ${grade} after ${before}`,
        fix: "keep the grade that is right",
      });
}

/** Splits that have judgements but are not among the dataset's. */
export function* checkUnlisted(
  layout: Layout,
  inFiles: readonly string[],
  splits: readonly string[],
): Generator<Finding> {
  for (const split of inFiles) {
    if (splits.includes(split)) continue;
    const where =
      [layout.qrels(split), layout.spans(split), layout.documentQrels(split)].find((p) => existsSync(p)) ??
      layout.qrelsFolder;
    const expected = `one of the dataset's splits ${splits.join(", ")}`;
    yield warning({
      code: "W_DATASET_SPLIT",
      where,
      expected,
      got: quoteValue(split),
      fix: "list the split in dataset.yaml",
    });
  }
}
