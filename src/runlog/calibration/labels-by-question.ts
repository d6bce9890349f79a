import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { readLines } from "../../lib/jsonl.ts";
import { type LabelLine, labelLine, openLabels } from "./run-labels.ts";

/** What people said of one answer, by one rubric. */
export interface AnswerLabels extends Omit<LabelLine, "kind"> {
  /** Hash of the rubric: grades of another one are on another scale. */
  readonly rubric: string;
}

/**
 * People's labels that lie in a run's folder, by question. They are read whole: people label hundreds of answers, not hundreds of
 * thousands.
 * @param log the hash in the log's end line: labels of other answers are left out
 * @throws DataError with every line that is no label
 */
export async function labelsByQuestion(dir: string, log: string): Promise<ReadonlyMap<string, AnswerLabels[]>> {
  const folder = join(dir, "labels");
  const names = await readdir(folder).catch(() => []);
  const labels = new Map<string, AnswerLabels[]>();
  const problems: Problem[] = [];
  for (const name of names.filter((name) => name.endsWith(".jsonl")).sort()) {
    const path = join(folder, name);
    const head = await openLabels(path);
    if (head?.log !== log) continue;
    for await (const line of readLines(path)) {
      try {
        const read = "error" in line ? undefined : labelLine(JSON.parse(line.text), `${path}:${line.number}`);
        if (read === undefined) continue;
        const { kind: _, ...rest } = read;
        const known = labels.get(rest.query);
        if (known === undefined) labels.set(rest.query, [{ ...rest, rubric: head.rubric }]);
        else known.push({ ...rest, rubric: head.rubric });
      } catch (error) {
        if (error instanceof DataError) problems.push(...error.problems);
        else problems.push(notJson(`${path}:${line.number}`, (error as Error).message));
      }
    }
  }
  if (problems.length > 0) throw new DataError(problems);
  return labels;
}

function notJson(where: string, got: string): Problem {
  const fix = "calibrate again with `bench calibrate`";
  return { code: "E_LABELS", where, expected: "a line of JSON", got, fix };
}
