import { relative } from "node:path";
import { findProject, type LexicalJudge, loadJudge, type Project } from "../../config/index.ts";
import { DataError, EXIT } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { seeded } from "../../core/rng.ts";
import {
  type FittedCriterion,
  fitLexical,
  LEXICAL_FIT_SCHEMA,
  type LexicalFit,
  measureRuns,
  readLabels,
} from "../../judge/index.ts";
import { replaceFile } from "../../lib/atomic.ts";
import { FIGURE_NAMES, figuresShown, formatFigure } from "../../report/calibration/calibration-text.ts";
import type { Run } from "../../runlog/index.ts";
import { type Deps, line } from "../deps.ts";
import { textTable } from "../terminal/text-table.ts";
import { oneRunEach } from "./judge-labels.ts";
import { hashedFiles, type LabelOptions, labelSource } from "./label-options.ts";

export interface JudgeFitOptions extends LabelOptions {
  readonly judge: string;
  readonly run: readonly string[];
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  readonly dryRun: boolean;
}

/** Carries out `bench judge fit`. @returns the exit code */
export async function judgeFit(options: JudgeFitOptions, deps: Deps): Promise<number> {
  const { stdout, stderr } = deps;
  const project = await findProject(deps.cwd);
  const { paths, form, criteria: labelled } = await labelSource(options, project, deps);
  const judge = await loadJudge(project, options.judge, deps.env);
  if (judge.kind !== "lexical") throw notLexical(judge.file, judge.kind);
  const { items, measures } = await measureRuns(
    await answeringRuns(project, options.run),
    judge.config.refusals === "judged",
  );
  const labels = await readLabels(paths, {
    criteria: judge.rubric.criteria.filter(({ id }) => labelled?.has(id) ?? true),
    rubric: judge.rubric.sha256,
    items,
    ...form,
  });
  for (const note of labels.notes) line(stderr, `note: ${formatProblem(note)}`);
  const { level, resamples, seed } = options;
  const criteria = fitLexical(labels, measures, judge.rubric, {
    level,
    resamples,
    rng: seeded(seed).fork("judge-fit"),
    where: paths.join(", "),
  });
  const fit: LexicalFit = {
    kind: "lexical-fit",
    schema: LEXICAL_FIT_SCHEMA,
    rubric: judge.rubric.sha256,
    labels: { files: await hashedFiles(paths), labels: labels.labels },
    level,
    criteria,
  };
  if (!options.dryRun) await replaceFile(judge.fit, `${JSON.stringify(fit, undefined, 1)}\n`);
  stdout.write(`${fittedText(judge, criteria, level)}\n`);
  const kept = options.dryRun ? "a dry run: nothing was kept" : `kept in ${relative(deps.cwd, judge.fit)}`;
  line(
    stderr,
    `${kept}\nNext: bench judge run --judge ${judge.id} SUITE/SYSTEM, without a model and without a network`,
  );
  return EXIT.ok;
}

/** The runs named, else the newest finished run with answers of every suite and system. */
async function answeringRuns(project: Project, names: readonly string[]): Promise<Run[]> {
  const found = await oneRunEach(
    project,
    names,
    async (run) => (run.manifest.conditions.length > 0 ? { run } : undefined),
    (where) => {
      const fix = "run a system with a generator first: bench run";
      const expected = "a finished run with answers";
      return new DataError([{ code: "E_RUN_ANSWERS", where, expected, got: "none", fix }]);
    },
  );
  return found.map(({ run }) => run);
}

function fittedText({ id, rubric }: LexicalJudge, criteria: readonly FittedCriterion[], level: number): string {
  const scaleOf = (name: string) => rubric.criteria.find((one) => one.id === name)!.steps.map(({ value }) => value);
  const lines = criteria.flatMap(({ id: criterion, feature, base, cuts, n, questions, crossValidated }) => [
    "",
    `${criterion}: ${n} labelled answers to ${questions} questions`,
    `  ${base}${cuts.map(({ from, score }) => `, ${score} from ${from.toFixed(3)} on`).join("")}; by ${feature}`,
    "",
    textTable(
      ["figure", "on answers held out", ""],
      figuresShown({ scale: scaleOf(criterion), figures: crossValidated }).map((name) => {
        const { name: title, says } = FIGURE_NAMES[name]!;
        return [title, formatFigure(crossValidated[name]), says];
      }),
    ).replace(/^/gm, "  "),
  ]);
  const percent = Math.round(level * 1000) / 10;
  return [
    `${id} fitted; agreement with people by ten-fold cross-validation, questions held out whole`,
    ...lines,
    "",
    `[low, high]: ${percent} % interval, clustered by question.`,
  ].join("\n");
}

function notLexical(where: string, kind: string): DataError {
  const fix = "fit a lexical judge: `bench judge init lexical-0-3` brings one; a model judge is edited, not fitted";
  return new DataError([{ code: "E_JUDGE", where, expected: "a judge of kind lexical", got: `kind ${kind}`, fix }]);
}
