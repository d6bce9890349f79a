import { relative } from "node:path";
import { findProject } from "../../config/index.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import { correctMean, judgedAnswers } from "../../judge/index.ts";
import { replaceFile } from "../../lib/atomic.ts";
import { type CorrectedRun, correctionsText } from "../../report/calibration/correction-text.ts";
import { CORRECTION_SCHEMA, type Corrections, correctionsFile } from "../../runlog/index.ts";
import { type Deps, line, terminalOf } from "../deps.ts";
import { chosenJudge, gradedBy, labelledAnswers } from "./judge-labels.ts";
import { keepLabels } from "./keep-labels.ts";
import { hashedFiles, type LabelOptions, labelSource } from "./label-options.ts";

export interface JudgeCorrectOptions extends LabelOptions {
  readonly judge: string | undefined;
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  readonly dryRun: boolean;
  readonly format: "text" | "json";
}

/** Carries out `bench judge correct`. @returns the exit code */
export async function judgeCorrect(
  names: readonly string[],
  options: JudgeCorrectOptions,
  deps: Deps,
): Promise<number> {
  const { stdout, stderr, clock, cwd } = deps;
  const project = await findProject(cwd);
  const source = await labelSource(options, project, deps);
  const judge = await chosenJudge(project, options.judge, deps);
  const runs = await gradedBy(judge, names, project);
  const labelled = await labelledAnswers(judge, runs, source, deps);
  const { labels, paths } = labelled;
  const at = new Date(clock.now()).toISOString();
  const files = await hashedFiles(paths);
  const { level, resamples, seed } = options;
  const found: (CorrectedRun & { readonly path: string })[] = [];
  for (const graded of runs) {
    const { run, grading } = graded;
    const { id } = run.manifest.system;
    const all = await judgedAnswers(graded, labels, runs.length > 1 ? id : undefined);
    const withLabels = all.filter(({ sample }) => sample.labelled.people.length > 0);
    if (withLabels.length === 0) continue;
    const corrections: Corrections = {
      ...{ kind: "corrections", schema: CORRECTION_SCHEMA, run: run.manifest.run, log: grading.head.log },
      judge: { id: judge.id, sha256: judge.sha256, rubric: judge.rubric.sha256 },
      at,
      level,
      labels: { files },
      means: withLabels.map((answers) => {
        const rng = seeded(seed).fork(`correct/${run.manifest.run}/${answers.column.name}/${answers.condition}`);
        return correctMean(answers, { level, resamples, rng });
      }),
    };
    const ranges = new Map(withLabels.map(({ column }) => [column.name, column.range]));
    found.push({ system: id, corrections, ranges, path: correctionsFile(grading.path) });
  }
  if (found.length === 0) throw noLabels(paths.map((path) => relative(cwd, path)).join(", "));
  for (const { corrections, path } of options.dryRun ? [] : found)
    await replaceFile(path, `${JSON.stringify(corrections, undefined, 1)}\n`);
  if (!options.dryRun) await keepLabels(judge, runs, labelled, { files, at });
  const all = found.map(({ corrections }) => corrections);
  stdout.write(
    options.format === "json"
      ? `${JSON.stringify(all, undefined, 1)}\n`
      : `${correctionsText(found, terminalOf(stdout).columns)}\n`,
  );
  const where = found.map(({ path }) => relative(cwd, path)).join(", ");
  line(
    stderr,
    options.dryRun ? "a dry run: nothing was kept" : `kept in ${where}; bench show and bench report have it`,
  );
  return EXIT.ok;
}

function noLabels(where: string): UsageError {
  const fix = "label some of the graded answers, on every criterion for the composite";
  return new UsageError({ code: "E_LABEL_NONE", where, expected: "labels of graded answers", got: "none", fix });
}
