import type { CorrectedMean } from "../calibration/correction-schema.ts";
import { readCorrections } from "../calibration/read-calibration.ts";
import { ANSWERED, CELL, RETRIEVAL, type ScoreColumn, type ScoreGroup } from "../scores.ts";
import type { GradeLine, GradingHead } from "./grade-schema.ts";
import { newestGradings } from "./newest-gradings.ts";
import { type Grading, readGrades } from "./read-grades.ts";

/** A column that a judge filled: `answer-0-3/correctness`, `answer-0-3/composite`. */
export interface JudgedColumn {
  readonly name: string;
  readonly judge: GradingHead["judge"];
  /** Of the rubric, or `composite`. */
  readonly criterion: string;
  readonly question: string;
  readonly range: readonly [low: number, high: number];
  /** All values that a single grade may have, ascending; a composite has no such list. */
  readonly values?: readonly number[];
  /** Answers that the judge gave no usable verdict on. */
  readonly judgeFailures: number;
  readonly repeats: number;
  /** Where people gave the grades: how many people, and how far they agree on this criterion (of a composite, on the one they agree on least). */
  readonly people?: { readonly raters: number; readonly alpha?: number };
  /** What labels of these answers say its means should be, by condition; of this log and this version of the judge alone. */
  readonly corrected?: ReadonlyMap<string, CorrectedMean>;
}

/** One column that a grading fills, and how. */
export interface JudgedPart {
  readonly column: Omit<JudgedColumn, "judgeFailures" | "corrected">;
  /** The value of a grade; undefined where a part of it is missing. */
  readonly read: (scores: GradeLine["scores"]) => number | undefined;
}

/**
 * The scores of all judges of a finished run as columns beside those of its metrics. Of several versions of one judge the newest
 * counts; grades of another log are left out.
 *
 * A cell is the mean over the repeats that have a grade. It is unscored where the judge gave none, the floor of the scale where the
 * system failed, and not applicable to an answer that declined unless the judge grades those too; a grade of one that declined, given
 * when nobody knew, does not count then.
 * @param places query id → its position
 */
export async function addGrades(
  dir: string,
  log: string,
  groups: ReadonlyMap<string, ScoreGroup>,
  places: (query: string) => number | undefined,
): Promise<{ readonly groups: ReadonlyMap<string, ScoreGroup>; readonly judged: ReadonlyMap<string, JudgedColumn> }> {
  const judged = new Map<string, JudgedColumn>();
  const added = new Map(groups);
  for (const grading of await newestGradings(dir, log)) {
    const parts = judgedParts(grading.head);
    const kept = await correctionsOf(grading);
    const { columns, judgeFailures } = await columnsOf(grading, parts, groups, places);
    for (const { column } of parts) {
      const own = kept?.means.filter((mean) => mean.column === column.name) ?? [];
      const corrected = own.length > 0 && { corrected: new Map(own.map((mean) => [mean.condition, mean])) };
      judged.set(column.name, { ...column, judgeFailures, ...corrected });
    }
    for (const [name, own] of columns) {
      const group = added.get(name)!;
      added.set(name, { ...group, metrics: new Map([...group.metrics, ...own]) });
    }
  }
  return { groups: added, judged };
}

/** The file that labels' corrections of a grading are kept in. */
export function correctionsFile(grades: string): string {
  return grades.replace(/\.jsonl$/, ".corrected.json");
}

/** The columns of a grading: the composite first, where its criteria have weights. */
export function judgedParts({ judge, criteria, repeats, people }: GradingHead): JudgedPart[] {
  const parts = criteria.map(({ id, question, steps }): JudgedPart => {
    const values = steps.map(({ value }) => value).sort((a, b) => a - b);
    const range = [values[0]!, values.at(-1)!] as const;
    const column = {
      name: `${judge.id}/${id}`,
      judge,
      criterion: id,
      question,
      range,
      values,
      repeats,
      ...peopleOf(people, [id]),
    };
    return { column, read: (scores) => scores[id] };
  });
  if (criteria.some(({ weight }) => weight === undefined)) return parts;
  const ranges = parts.map(({ column }) => column.range);
  const [first] = ranges;
  const shared = ranges.every(([low, high]) => low === first![0] && high === first![1]);
  const range = shared ? first! : ([0, 1] as const);
  const composite = {
    name: `${judge.id}/composite`,
    judge,
    criterion: "composite",
    range,
    repeats,
    ...peopleOf(
      people,
      criteria.map(({ id }) => id),
    ),
  };
  const question = criteria.map(({ id, weight }) => `${Math.round(weight! * 1000) / 10} % ${id}`).join(", ");
  const read = (scores: GradeLine["scores"]): number | undefined => {
    let sum = 0;
    for (const [at, { id, weight }] of criteria.entries()) {
      const score = scores[id];
      if (score === undefined) return undefined;
      const [low, high] = ranges[at]!;
      sum += weight! * (shared ? score : (score - low) / (high - low));
    }
    // Weights of 60, 20 and 20 per cent of 3 do not add up to 3 in floating point.
    return Math.min(range[1], Math.max(range[0], sum));
  };
  return [{ column: { ...composite, question }, read }, ...parts];
}

function peopleOf(people: GradingHead["people"], criteria: readonly string[]): Pick<JudgedColumn, "people"> {
  if (people === undefined) return {};
  const known = people.agreement.flatMap(({ criterion, alpha }) =>
    criteria.includes(criterion) && "value" in alpha ? [alpha.value] : [],
  );
  return { people: { raters: people.raters, ...(known.length > 0 && { alpha: Math.min(...known) }) } };
}

async function correctionsOf({ path, head }: Grading) {
  const kept = await readCorrections(correctionsFile(path));
  return kept?.log === head.log && kept.judge.sha256 === head.judge.sha256 ? kept : undefined;
}

async function columnsOf(
  grading: Grading,
  parts: readonly JudgedPart[],
  groups: ReadonlyMap<string, ScoreGroup>,
  places: (query: string) => number | undefined,
) {
  const columns = new Map<string, Map<string, ScoreColumn>>();
  for (const [name, group] of groups) {
    if (name === RETRIEVAL) continue;
    const own = parts.map(({ column }) => [column.name, emptyColumn(group, column.range[0], grading.head)] as const);
    columns.set(name, new Map(own));
  }
  const counts = new Map<ScoreColumn, Uint16Array>();
  const apart = grading.head.refusals === "apart";
  let judgeFailures = 0;
  for await (const line of readGrades(grading.path)) {
    const query = places(line.query);
    const group = groups.get(line.condition);
    if (query === undefined || group === undefined || line.trial >= group.trials) continue;
    if (line.kind === "judge-failure") judgeFailures += 1;
    else {
      const cell = query * group.trials + line.trial;
      if (apart && !GRADED_APART.has(group.answered[cell]!)) continue;
      for (const { column, read } of parts) {
        const value = read(line.scores);
        if (value !== undefined) addTo(columns.get(line.condition)!.get(column.name)!, cell, value, counts);
      }
    }
  }
  return { columns, judgeFailures };
}

/** Before any grade: the floor for failures, nothing for answers that declined, unscored for the rest. */
function emptyColumn({ answered }: ScoreGroup, floor: number, { refusals }: GradingHead): ScoreColumn {
  const values = new Float64Array(answered.length);
  const states = new Uint8Array(answered.length);
  for (const [cell, state] of answered.entries()) {
    if (state === ANSWERED.failed) values[cell] = floor;
    states[cell] = STATE_OF.get(state) ?? (refusals === "apart" ? CELL.notApplicable : CELL.unscored);
  }
  return { values, states };
}

const STATE_OF: ReadonlyMap<number, number> = new Map<number, number>([
  [ANSWERED.absent, CELL.absent],
  [ANSWERED.failed, CELL.failed],
  [ANSWERED.answered, CELL.unscored],
  [ANSWERED.notJudged, CELL.unscored],
  [ANSWERED.noVerdict, CELL.unscored],
]);

/** Whose grades count where refusals are kept apart: an answer that may be a refusal is none yet. */
const GRADED_APART: ReadonlySet<number> = new Set<number>([ANSWERED.answered, ANSWERED.failed]);

function addTo(column: ScoreColumn, cell: number, value: number, counts: Map<ScoreColumn, Uint16Array>): void {
  if (column.states[cell] === CELL.failed) return;
  let graded = counts.get(column);
  if (graded === undefined) {
    graded = new Uint16Array(column.states.length);
    counts.set(column, graded);
  }
  graded[cell]! += 1;
  column.values[cell]! += (value - column.values[cell]!) / graded[cell]!;
  column.states[cell] = CELL.scored;
}
