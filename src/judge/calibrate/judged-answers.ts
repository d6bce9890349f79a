import { DataError } from "../../core/errors.ts";
import {
  CELL,
  type Grading,
  type JudgedPart,
  judgedParts,
  type Run,
  readScores,
  type Scores,
} from "../../runlog/index.ts";
import type { GradedSample } from "../../stats/index.ts";
import type { LabelSet } from "../labels/index.ts";
import { medianLabels } from "../labels/median-labels.ts";
import { runItem } from "../labels/run-items.ts";

/** The answers of one condition with what a judge gave them on one column, some of them with a label. */
export interface JudgedAnswers {
  readonly column: JudgedPart["column"];
  readonly condition: string;
  /** By question, or by document where the suite says so: what intervals are clustered by. */
  readonly sample: GradedSample;
  /** Answers that the system failed on: they hold the floor, whoever grades. */
  readonly failed: number;
}

/**
 * The columns of a graded run by condition, split into answers that people labelled and the others. An answer's grade is the mean
 * over its repeats, its label the median over its raters; of a composite both are put together from the criteria, and an answer
 * that lacks a label of one of them counts as unlabelled. Answers without a grade are left out.
 *
 * @param system what names of answers in the labels begin with, where they are of several runs
 * @throws DataError (E_NOT_GRADED) when another version of the judge graded the run since
 */
export async function judgedAnswers(
  { run, grading }: { readonly run: Run; readonly grading: Grading },
  labels: LabelSet,
  system: string | undefined,
): Promise<JudgedAnswers[]> {
  const scores = await readScores(run.dir);
  const said = labelsByItem(labels);
  return judgedParts(grading.head).flatMap((part) => {
    if (scores.judged.get(part.column.name)?.judge.sha256 !== grading.head.judge.sha256) throw superseded(run, grading);
    return run.manifest.conditions.map((condition) => answersOf(scores, part, condition, said, system));
  });
}

type Labelled = ReadonlyMap<string, Readonly<Record<string, number>>>;

function answersOf(
  { groups, queries, clusters }: Scores,
  { column, read }: JudgedPart,
  condition: string,
  said: Labelled,
  system: string | undefined,
): JudgedAnswers {
  const { trials, metrics } = groups.get(condition)!;
  const { values, states } = metrics.get(column.name)!;
  const labelled = { people: [] as number[], judge: [] as number[], clusters: [] as number[] };
  const unlabelled = { judge: [] as number[], clusters: [] as number[] };
  let failed = 0;
  for (const [cell, state] of states.entries()) {
    if (state === CELL.failed) failed += 1;
    if (state !== CELL.scored) continue;
    const query = Math.floor(cell / trials);
    const given = said.get(runItem(system, queries[query]!, condition, cell % trials));
    const label = given && read(given);
    const part = label === undefined ? unlabelled : labelled;
    if (label !== undefined) labelled.people.push(label);
    part.judge.push(values[cell]!);
    part.clusters.push(clusters?.[query] ?? query);
  }
  return { column, condition, sample: { labelled, unlabelled }, failed };
}

/** Item → criterion → label. */
function labelsByItem({ items, criteria }: LabelSet): Labelled {
  const said = new Map<string, Record<string, number>>();
  for (const [id, { people }] of criteria) {
    for (const [at, label] of medianLabels(people, items.length).entries()) {
      if (label === undefined) continue;
      const item = items[at]!.id;
      said.set(item, { ...said.get(item), [id]: label });
    }
  }
  return said;
}

function superseded({ manifest }: Run, { head }: Grading): DataError {
  const fix = `grade it again by the judge as it is now: bench judge run --judge ${head.judge.id} --fresh ${manifest.run}`;
  const expected = `the newest grades of ${head.judge.id} to be of the judge as it is now`;
  return new DataError([
    { code: "E_NOT_GRADED", where: manifest.run, expected, got: "newer ones of another version", fix },
  ]);
}
