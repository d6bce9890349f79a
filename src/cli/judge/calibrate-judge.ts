import { join, relative } from "node:path";
import { findProject } from "../../config/index.ts";
import { EXIT } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import { calibrate, checkThresholds, type LabelSet } from "../../judge/index.ts";
import { replaceFile } from "../../lib/atomic.ts";
import { formatCalibration } from "../../report/calibration/calibration-text.ts";
import { CALIBRATION_SCHEMA, type Calibration } from "../../runlog/index.ts";
import { type Deps, line, terminalOf } from "../deps.ts";
import { chosenJudge, gradedBy, gradesOf, labelledAnswers } from "./judge-labels.ts";
import { keepLabels } from "./keep-labels.ts";
import { hashedFiles, type LabelOptions, labelSource } from "./label-options.ts";

export interface CalibrateJudgeOptions extends LabelOptions {
  readonly judge: string | undefined;
  readonly run: readonly string[];
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  readonly dryRun: boolean;
  readonly format: "text" | "json" | "markdown";
}

/**
 * Carries out `bench calibrate`.
 * @returns 0, or 1 when the judge misses a threshold of its file
 */
export async function calibrateJudge(options: CalibrateJudgeOptions, deps: Deps): Promise<number> {
  const { stdout, stderr, clock } = deps;
  const project = await findProject(deps.cwd);
  const source = await labelSource(options, project, deps);
  const judge = await chosenJudge(project, options.judge, deps);
  const runs = await gradedBy(judge, options.run, project);
  const labelled = await labelledAnswers(judge, runs, source, deps);
  const { labels, paths } = labelled;
  const { level, resamples, seed } = options;
  const found = calibrate(labels.items, gradesOf(labelled), {
    level,
    resamples,
    rng: seeded(seed).fork(`calibrate/${judge.id}`),
  });
  const at = new Date(clock.now()).toISOString();
  const files = await hashedFiles(paths);
  const raters = new Set(Array.from(labels.criteria.values(), ({ people }) => [...people.keys()]).flat()).size;
  const calibration: Calibration = {
    kind: "calibration",
    schema: CALIBRATION_SCHEMA,
    judge: { id: judge.id, sha256: judge.sha256, rubric: judge.rubric.sha256 },
    at,
    level,
    labels: { files, labels: labels.labels, items: labelledItems(labels), raters },
    ...found,
    thresholds: checkThresholds(found.criteria, judge.thresholds),
  };
  const path = join(judge.folder, "calibration.json");
  if (!options.dryRun) {
    await replaceFile(path, `${JSON.stringify(calibration, undefined, 1)}\n`);
    await keepLabels(judge, runs, labelled, { files, at });
  }
  stdout.write(formatCalibration(calibration, options.format, terminalOf(stdout)));
  const shown = `${relative(deps.cwd, path)}; \`bench report\` lists grades and labels of every answer`;
  line(stderr, options.dryRun ? "a dry run: nothing was kept" : `kept in ${shown}`);
  return calibration.thresholds.every(({ met }) => met) ? EXIT.ok : EXIT.gateFailed;
}

function labelledItems({ items, criteria }: LabelSet): number {
  const columns = Array.from(criteria.values(), ({ people }) => [...people.values()]).flat();
  return items.filter((_, i) => columns.some((column) => column[i] !== undefined)).length;
}
