import { DataError } from "../core/errors.ts";
import { RETRIEVAL, type ScoreColumn, type ScoreGroup, type Scores } from "../runlog/index.ts";

/**
 * The scores of some of a run's questions, in the run's order. Times to the first token, tokens and failure codes stay those of the
 * whole run.
 * @param keep ids of questions
 */
export function restrict(scores: Scores, keep: ReadonlySet<string>): Scores {
  const at = scores.queries.flatMap((id, i) => (keep.has(id) ? [i] : []));
  if (at.length === scores.queries.length) return scores;
  return {
    ...scores,
    queries: at.map((i) => scores.queries[i]!),
    ...(scores.clusters && { clusters: Uint32Array.from(at, (i) => scores.clusters![i]!) }),
    groups: new Map(
      Array.from(scores.groups, ([name, group]) => [
        name,
        narrow(group, cellsOf(at, name === RETRIEVAL ? 1 : group.trials), new Map(at.map((i, place) => [i, place]))),
      ]),
    ),
  };
}

/** The ids that both runs were asked. */
export function sharedQuestions(a: Scores, b: Scores): ReadonlySet<string> {
  const inB = new Set(b.queries);
  return new Set(a.queries.filter((id) => inB.has(id)));
}

/**
 * Both runs on the questions that both were asked, and a sentence on how many those are where any are left out.
 * @throws DataError when there are none
 */
export function sharedOf(baseline: Scores, candidate: Scores) {
  const both = sharedQuestions(baseline, candidate);
  const [before, after] = [baseline.queries.length, candidate.queries.length];
  if (both.size === 0) {
    throw new DataError([
      {
        code: "E_GATE_QUERIES",
        where: `${baseline.manifest.run} and ${candidate.manifest.run}`,
        expected: "at least one question that both runs were asked",
        got: "none",
        fix: "gate runs over the same questions",
      },
    ]);
  }
  const all = both.size === before && both.size === after;
  return {
    baseline: restrict(baseline, both),
    candidate: restrict(candidate, both),
    notes: all
      ? []
      : [
          `only the ${both.size === 1 ? "question" : `${both.size} questions`} that both were asked: the baseline was asked ${before}, the candidate ${after}`,
        ],
  };
}

function cellsOf(questions: readonly number[], trials: number): Uint32Array {
  return Uint32Array.from(
    { length: questions.length * trials },
    (_, i) => questions[Math.floor(i / trials)]! * trials + (i % trials),
  );
}

/** @param places the new place of each question that stays, by its old one */
function narrow(group: ScoreGroup, cells: Uint32Array, places: ReadonlyMap<number, number>): ScoreGroup {
  const column = ({ values, states }: ScoreColumn): ScoreColumn => ({
    values: Float64Array.from(cells, (cell) => values[cell]!),
    states: Uint8Array.from(cells, (cell) => states[cell]!),
  });
  return {
    ...group,
    metrics: new Map(Array.from(group.metrics, ([name, found]) => [name, column(found)])),
    answered: Uint8Array.from(cells, (cell) => group.answered[cell]!),
    ms: group.ms.filter((_, i) => places.has(group.msQueries[i]!)),
    msQueries: group.msQueries.filter((query) => places.has(query)).map((query) => places.get(query)!),
    ...(group.cost && { cost: column(group.cost) }),
  };
}
