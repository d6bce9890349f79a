import { findProject } from "../../config/index.ts";
import { DataError, EXIT, UsageError } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import { printable, quoteValue } from "../../lib/text.ts";
import { rightnessOf, rightnessText } from "../../report/conditions/rightness.ts";
import { answersUnder } from "../../report/refusal/answers-of-run.ts";
import { chooseThreshold } from "../../report/refusal/choose-threshold.ts";
import { judgingText, refusalJudged } from "../../report/refusal/judging-text.ts";
import { REFUSAL_FIGURES, refusalFigures } from "../../report/refusal/refusal-figures.ts";
import { formatEstimate, formatLevel } from "../../report/text/format-number.ts";
import { textTable } from "../../report/text/text-table.ts";
import { type Run, readScores, type Scores } from "../../runlog/index.ts";
import { type Deps, line, terminalOf } from "../deps.ts";
import { findCompleteRun } from "../project/find-run.ts";

export interface RefusalFitOptions {
  readonly condition: string | undefined;
  readonly precision: number | undefined;
  readonly format: "text" | "json";
}

/**
 * Carries out `bench refusal fit`: a threshold chosen on one run and measured on another.
 * @returns the exit code
 * @throws UsageError when the runs do not belong together; DataError when nothing can be chosen
 */
export async function fitRefusal(evalName: string, testName: string, options: RefusalFitOptions, deps: Deps) {
  const project = await findProject(deps.cwd);
  const chosenOn = await findCompleteRun(project, evalName);
  const measuredOn = await findCompleteRun(project, testName);
  const { condition, right } = common(chosenOn, measuredOn, options.condition);
  const aim =
    options.precision === undefined
      ? ({ kind: "score" } as const)
      : ({ kind: "precision", least: options.precision } as const);
  const evalScores = await readScores(chosenOn.dir);
  noteUndecided(evalScores, deps);
  const evalAnswers = await answersUnder(chosenOn.dir, condition, right);
  if (!evalAnswers.some(({ confidence, state }) => state === "answered" && confidence !== undefined)) {
    throw unfit(evalName, "answers with a confidence", "none", "let the system report one: `confidence` of its reply");
  }
  const chosen = chooseThreshold(evalAnswers, aim);
  if (chosen === undefined) {
    const got = "no threshold that reaches it";
    throw unfit(evalName, `answer precision ${options.precision}`, got, "ask for less, or improve the system");
  }
  const scores = await readScores(measuredOn.dir);
  const { level, seed, run } = scores.manifest;
  noteUndecided(scores, deps);
  const answers = await answersUnder(measuredOn.dir, condition, right);
  const figuresAt = (threshold: number) =>
    refusalFigures(answers, threshold, {
      level,
      rng: seeded(seed).fork(`refusal-fit/${run}`),
      ...(scores.clusters && { clusters: scores.clusters }),
    });
  const [without, withIt] = [figuresAt(Number.NEGATIVE_INFINITY), figuresAt(chosen.threshold)];
  // JSON has no infinity: null is the threshold that declines nothing.
  const threshold = Number.isFinite(chosen.threshold) ? chosen.threshold : null;
  if (options.format === "json") {
    const figures = REFUSAL_FIGURES.map((name) => ({ name, without: without.get(name), with: withIt.get(name) }));
    line(deps.stdout, JSON.stringify({ condition, right, aim, ...chosen, threshold, level, figures }, null, 2));
    return EXIT.ok;
  }
  const what = aim.kind === "score" ? `mean ${right.metric}` : `answer precision (${rightnessText(right)})`;
  line(deps.stdout, printable(`decline below: ${threshold ?? "never"} (${condition})`));
  line(
    deps.stdout,
    printable(
      `chosen on ${chosenOn.manifest.run}: ${what} ${chosen.reached.toFixed(3)} (${chosen.without.toFixed(3)} without), of ${chosen.looked} thresholds; too good for these questions`,
    ),
  );
  line(deps.stdout, printable(`measured on ${measuredOn.manifest.run}, ${formatLevel(level)} intervals:\n`));
  const cells = (figures: typeof without) =>
    REFUSAL_FIGURES.map((name) => {
      const estimate = figures.get(name)!;
      return `${formatEstimate(estimate, [0, 1])} n=${estimate.n}`;
    });
  line(
    deps.stdout,
    textTable(
      [{ head: "", align: "left", cells: REFUSAL_FIGURES }],
      [
        { head: "as it was", align: "left", cells: cells(without) },
        { head: "with the threshold", align: "left", cells: cells(withIt) },
      ],
      terminalOf(deps.stdout).columns,
    ),
  );
  return EXIT.ok;
}

/** Answers of which a judge has yet to say whether they are refusals are left out of both. */
function noteUndecided(scores: Scores, { stderr }: Deps): void {
  const judged = refusalJudged(scores);
  for (const text of judged ? judgingText(scores.manifest.run, judged) : []) line(stderr, printable(`note: ${text}`));
}

/** What both runs can be read by. */
function common({ manifest: a }: Run, { manifest: b }: Run, asked: string | undefined) {
  if (a.system.id !== b.system.id) {
    throw refuse("two runs of one system", `${a.system.id} and ${b.system.id}`, "name runs of the same system");
  }
  if (a.dataset.id === b.dataset.id && a.dataset.split === b.dataset.split) {
    const fix = "choose on another split than the one measured: a threshold chosen on the test flatters the system";
    throw refuse("runs on two splits", `${b.dataset.id} ${b.dataset.split} twice`, fix);
  }
  const condition = asked ?? b.conditions[0];
  if (condition === undefined || !a.conditions.includes(condition) || !b.conditions.includes(condition)) {
    const got = `${condition ?? "none"}; they have ${a.conditions.join(", ")} and ${b.conditions.join(", ")}`;
    throw refuse("a condition that both runs have", got, "name one with --condition");
  }
  const right = rightnessOf(b.metrics.filter((name) => a.metrics.includes(name)));
  if (right === undefined) {
    throw refuse("a metric of references that both runs have, such as EM", "none", "add EM to the suites");
  }
  return { condition, right };
}

function refuse(expected: string, got: string, fix: string): UsageError {
  return new UsageError({ code: "E_USAGE", where: "bench refusal fit", expected, got: quoteValue(got), fix });
}

function unfit(where: string, expected: string, got: string, fix: string): DataError {
  return new DataError([{ code: "E_REFUSAL_FIT", where, expected, got, fix }]);
}
