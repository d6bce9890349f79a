import type { Calibrations, Manifest } from "../../runlog/index.ts";
import { judgeHref } from "../address/judge-address.ts";
import { runHref } from "../address/run-address.ts";
import { badgeView } from "../judged/badge-view.ts";
import { columnHead } from "../metric-head.ts";
import { formatCount } from "../text/format-number.ts";
import type { WrittenGrades } from "./grade-data.ts";

/** The page of one judge's grades of a run as its template takes it. */
export function gradesView(written: WrittenGrades, manifest: Manifest, calibrations?: Calibrations) {
  const { suite, system, run, startedAt } = manifest;
  const { head, parts, number, graded, failed, open, apart, labelled } = written;
  const { id, title } = head.judge;
  const shown = title ?? id;
  const people = head.people !== undefined;
  const columns = parts.map(({ column }) => [column.name, { ...column, judgeFailures: failed }] as const);
  const first = columnHead(columns[0]![0], [{ judged: new Map(columns) }], calibrations);
  // A calibration may be older than the run, or than the keeping of labels beside its grades.
  const unkept = labelled === 0 && calibrations?.has(id) === true;
  const count = (n: number, label: string) => (n > 0 ? [{ value: formatCount(n), label }] : []);
  return {
    title: `${shown}: ${people ? "labels" : "grades"} of ${system.title ?? system.id}`,
    scripts: ["page.js", "list.js", "grades.js"],
    ...{ run, number, suite: suite.title ?? suite.id, system: system.title ?? system.id, judge: shown },
    runHref: runHref(run),
    sheet: judgeHref(id),
    badge: badgeView(first),
    facts: [
      { value: formatCount(graded), label: people ? "answers with a label" : "answers with a grade" },
      ...count(failed, "without a verdict"),
      ...count(open, people ? "not labelled" : "not judged yet"),
      ...count(apart, "declined, not graded by this judge"),
      ...(people || unkept ? [] : [{ value: formatCount(labelled), label: "labelled by people" }]),
      ...(head.repeats > 1 ? [{ value: formatCount(head.repeats), label: "verdicts on each" }] : []),
      { value: startedAt.slice(0, 10), label: "" },
    ],
    labelled: labelled > 0,
    unkept,
    failed: failed > 0,
    people,
    id,
  };
}
