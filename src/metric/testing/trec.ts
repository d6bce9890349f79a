import { readFileSync } from "node:fs";
import type { Ranking } from "../../core/ranking.ts";

/** Fields of the lines of a TREC file; `#` starts a comment where `comments` says so. */
function rows(path: string, comments = false): string[][] {
  return readFileSync(path, "utf8")
    .split("\n")
    .map((line) => (comments ? line.replace(/(^|\s)#.*$/, "") : line).trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/\s+/));
}

/** A TREC run file: `query Q0 id rank score tag`. */
export function readRun(path: string, comments = false): Map<string, Ranking> {
  const run = new Map<string, [string, number][]>();
  for (const [query, , id, , score] of rows(path, comments)) {
    const hits = run.get(query!) ?? [];
    run.set(query!, hits);
    hits.push([id!, Number(score)]);
  }
  return run;
}

/** A TREC qrels file: `query 0 id grade`. */
export function readQrels(path: string, comments = false): Map<string, Map<string, number>> {
  const qrels = new Map<string, Map<string, number>>();
  for (const [query, , id, grade] of rows(path, comments)) {
    const judged = qrels.get(query!) ?? new Map<string, number>();
    qrels.set(query!, judged);
    judged.set(id!, Number(grade));
  }
  return qrels;
}

/** What trec_eval printed: measure → query (or `all`) → the text of the value. */
export function readTrecEval(path: string): Map<string, Map<string, string>> {
  const printed = new Map<string, Map<string, string>>();
  for (const [measure, query, value] of rows(path)) {
    const byQuery = printed.get(measure!) ?? new Map<string, string>();
    printed.set(measure!, byQuery);
    byQuery.set(query!, value!);
  }
  return printed;
}
