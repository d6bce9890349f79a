import { findProject } from "../../config/index.ts";
import { EXIT } from "../../core/errors.ts";
import { judgedAnswers } from "../../judge/index.ts";
import { printable } from "../../lib/text.ts";
import { formatCount, formatLevel, formatValue, MISSING } from "../../report/text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../../report/text/text-table.ts";
import { type LabelsNeeded, labelsNeeded } from "../../stats/index.ts";
import { type Deps, line, terminalOf } from "../deps.ts";
import { chosenJudge, gradedBy, labelledAnswers } from "./judge-labels.ts";
import { type LabelOptions, labelSource } from "./label-options.ts";

export interface JudgePlanOptions extends LabelOptions {
  readonly judge: string | undefined;
  readonly run: readonly string[];
  readonly targetWidth: number;
  readonly level: number;
  readonly format: "text" | "json";
}

/** The labels that one mean needs. */
interface PlannedMean {
  readonly system: string;
  readonly condition: string;
  readonly column: string;
  readonly range: readonly [number, number];
  readonly answers: number;
  readonly labels: number;
  readonly needed: LabelsNeeded;
}

/** Carries out `bench judge plan`. @returns the exit code */
export async function judgePlan(options: JudgePlanOptions, deps: Deps): Promise<number> {
  const { stdout } = deps;
  const { targetWidth: width, level } = options;
  const project = await findProject(deps.cwd);
  const source = await labelSource(options, project, deps);
  const judge = await chosenJudge(project, options.judge, deps);
  const runs = await gradedBy(judge, options.run, project);
  const { labels } = await labelledAnswers(judge, runs, source, deps);
  const planned: PlannedMean[] = [];
  for (const graded of runs) {
    const { id: system } = graded.run.manifest.system;
    for (const { column, condition, sample } of await judgedAnswers(
      graded,
      labels,
      runs.length > 1 ? system : undefined,
    )) {
      const counts = { labels: sample.labelled.judge.length, others: sample.unlabelled.judge.length };
      if (counts.labels === 0) continue;
      const { name, range } = column;
      const needed = labelsNeeded(sample, { width, level });
      const answers = counts.labels + counts.others;
      planned.push({ system, condition, column: name, range, answers, labels: counts.labels, needed });
    }
  }
  stdout.write(
    options.format === "json"
      ? `${JSON.stringify({ width, level, means: planned }, undefined, 1)}\n`
      : `${planText(planned, options, terminalOf(stdout).columns)}\n`,
  );
  if (planned.some(({ labels: pilot }) => pilot < 50))
    line(
      deps.stderr,
      "note: a pilot of fewer than 50 labels knows their spread poorly: take the figures as orders of magnitude",
    );
  return EXIT.ok;
}

function planText(planned: readonly PlannedMean[], { targetWidth, level }: JudgePlanOptions, columns: number): string {
  const column = (head: string, align: "left" | "right", of: (mean: PlannedMean) => string): TextColumn => ({
    head,
    align,
    cells: planned.map(of),
  });
  const table = textTable(
    [
      column("system", "left", ({ system }) => printable(system)),
      column("context", "left", ({ condition }) => printable(condition)),
      column("grade", "left", ({ column: name }) => printable(name)),
    ],
    [
      column("pilot", "right", ({ labels }) => formatCount(labels)),
      column("answers", "right", ({ answers }) => formatCount(answers)),
      column("labels with the judge", "right", ({ needed }) =>
        needed.state === "known" && needed.withJudge !== undefined ? formatCount(needed.withJudge) : MISSING,
      ),
      column("labels alone", "right", ({ needed }) =>
        needed.state === "known" ? formatCount(needed.labelsAlone) : MISSING,
      ),
      column("narrowest", "right", ({ needed, range }) =>
        needed.state === "known" ? formatValue(needed.narrowest, range) : MISSING,
      ),
      column("", "left", ({ needed }) =>
        needed.state === "unknown" ? needed.reason : needed.withJudge === undefined ? "more answers are needed" : "",
      ),
    ],
    columns,
  );
  const legend = `Labels in total, those of the pilot included, for a ${formatLevel(level)} interval ${targetWidth} wide (high − low, in points of the scale), if labels and grades go on as in the pilot. labels with the judge: corrected by \`bench judge correct\`. labels alone: without any judge; may be more than there are answers. narrowest: the width that labelling every answer gives.`;
  return `${table}\n\n${wrapText(legend, columns)}`;
}
