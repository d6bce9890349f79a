import { parseMetric } from "../metric/index.ts";
import {
  alsoPlays,
  type Calibrations,
  calibrationNote,
  type JudgedColumn,
  type RefusalJudging,
  type Scores,
} from "../runlog/index.ts";
import type { MetricHead } from "./summary-types.ts";

/** What tables say about a metric, by its canonical name. A name no version of ours knows is shown as it stands. */
export function metricHead(name: string): MetricHead {
  const parsed = parseMetric(name);
  if (!parsed.ok) {
    const meaning = "This version does not know the metric, so it is shown without range and direction.";
    return { name, title: name, meaning, unit: "", better: "higher", proportion: false, group: "unknown" };
  }
  const { title, meaning, unit, better, range, proportion, group } = parsed.metric.definition;
  // An open range says nothing, and JSON has no infinity.
  const bounded = range.every(Number.isFinite);
  return { name, title, meaning, unit, better, ...(bounded && { range }), proportion, group };
}

/** The same for a column of runs, which a judge may have filled. */
export function columnHead(
  name: string,
  runs: readonly Pick<Scores, "judged" | "refusals">[],
  calibrations: Calibrations = new Map(),
): MetricHead {
  const columns = runs.flatMap(({ judged }) => judged.get(name) ?? []);
  if (columns.length > 0) return judgedHead(columns, calibrations);
  const deciding = runs.flatMap(({ refusals }) => (refusals?.decides.has(name) ? refusals : []));
  return { ...metricHead(name), ...(deciding.length > 0 && { judge: decidedBy(deciding, calibrations) }) };
}

/** The judge that a metric depends on because it decides which answers are refusals. */
function decidedBy(deciding: readonly RefusalJudging[], calibrations: Calibrations): MetricHead["judge"] {
  const { judge, criterion } = deciding[0]!;
  return {
    id: judge.id,
    criterion,
    calibration: calibrationNote(deciding, calibrations),
    alsoPlays: alsoPlays(deciding),
  };
}

function judgedHead(columns: readonly JudgedColumn[], calibrations: Calibrations): MetricHead {
  const { name, judge, criterion, question, range, values } = columns[0]!;
  const calibration = calibrationNote(columns, calibrations);
  return {
    name,
    title: `${judge.title ?? judge.id}: ${criterion}`,
    meaning: `${question} Graded by ${calibration.state === "people" ? "people" : `the judge ${judge.id}`}.`,
    unit: `${range[0]} to ${range[1]}`,
    better: "higher",
    range,
    proportion: values?.length === 2 && values[0] === 0 && values[1] === 1,
    group: "judged",
    judge: {
      id: judge.id,
      criterion,
      calibration,
      alsoPlays: alsoPlays(columns),
    },
  };
}

/** Where the definitions page explains a metric: the word its name begins with. Nowhere, for one that has no definition there. */
export function metricAnchor({ name, group }: Pick<MetricHead, "name" | "group">): string | undefined {
  if (group === "unknown" || group === "judged") return undefined;
  return /^[A-Za-z][A-Za-z0-9-]*/.exec(name)?.[0];
}
