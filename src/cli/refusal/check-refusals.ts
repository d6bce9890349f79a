import { findProject, loadRefusalJudge, loadSuite } from "../../config/index.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import { refusalDetector } from "../../metric/index.ts";
import { DetectorTally } from "../../report/refusal/detector-check.ts";
import { detectorText } from "../../report/refusal/detector-text.ts";
import { type Deps, line, terminalOf } from "../deps.ts";
import { askAboutRefusals } from "./ask-about-refusals.ts";
import { type RefusalLabelOptions, readRefusalLabels } from "./refusal-labels.ts";
import { checkRunRefusals } from "./run-refusals.ts";

export interface RefusalCheckOptions extends RefusalLabelOptions {
  readonly suite: string | undefined;
  readonly run: string | undefined;
  readonly condition: string | undefined;
  readonly question: string;
  readonly maxCost: number | undefined;
  readonly level: number;
  readonly named: number;
  readonly format: "text" | "json";
}

/** A detector and its verdicts against labels. */
export interface CheckedDetector {
  readonly detector: string;
  readonly tally: DetectorTally;
}

/**
 * Carries out `bench refusal check`: holds a detector's verdicts against labels. Those of rules are made on the spot, those of a
 * suite's judge are asked for, those of a run are there.
 * @returns the exit code
 * @throws DataError with every row that cannot be read
 */
export async function checkRefusals(options: RefusalCheckOptions, deps: Deps): Promise<number> {
  const { suite, run, level, named, format } = options;
  if (suite !== undefined && run !== undefined) throw oneOf();
  const checked = run === undefined ? await checkSuite(options, deps) : [await checkRunRefusals(run, options, deps)];
  const rng = seeded("refusal check");
  const found = checked.map(({ detector, tally }) => ({ detector, check: tally.check(level, rng) }));
  if (format === "json") line(deps.stdout, JSON.stringify({ level, detectors: found }, null, 2));
  else {
    const { columns } = terminalOf(deps.stdout);
    const texts = found.map(({ detector, check }) => detectorText(check, { detector, level, columns, named }));
    deps.stdout.write(texts.join("\n"));
  }
  return EXIT.ok;
}

/** Of a suite, or the default detector. */
async function checkSuite(options: RefusalCheckOptions, deps: Deps): Promise<CheckedDetector[]> {
  const { suite: id, flag } = options;
  const project = id === undefined ? undefined : await findProject(deps.cwd);
  const suite = project && (await loadSuite(project, id!));
  const judge = project && suite && (await loadRefusalJudge(project, suite, deps.env));
  if (project && judge) return [await askAboutRefusals(judge, project, options, deps)];
  const detect = refusalDetector(suite?.config.refusal);
  const words = new DetectorTally();
  const flags = new DetectorTally();
  for await (const { answer, flag: said } of readRefusalLabels(options, deps)) {
    words.add(answer, detect(answer.text));
    if (said !== undefined) flags.add(answer, detect(answer.text, said));
  }
  const detector = id === undefined ? "The default detector" : `The detector of the suite ${id}`;
  return [
    { detector, tally: words },
    ...(flag === undefined ? [] : [{ detector: "The system's own word", tally: flags }]),
  ];
}

function oneOf(): UsageError {
  return new UsageError({
    code: "E_USAGE",
    where: "bench refusal check",
    expected: "either --suite or --run",
    got: "both",
    fix: "name the run alone: its detector is the one that it was made with",
  });
}
