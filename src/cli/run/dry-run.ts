import { formatCondition } from "../../core/condition.ts";
import { BenchError, EXIT } from "../../core/errors.ts";
import { formatProblem, type Problem } from "../../core/problem.ts";
import { openPassageStore, type PassageStore } from "../../dataset/passage-store.ts";
import { printable } from "../../lib/text.ts";
import { formatCount } from "../../report/text/format-number.ts";
import { requirePrices } from "../../run/cost/require-prices.ts";
import { type EarlierAnswers, earlierAnswers } from "../../run/estimate/earlier-answers.ts";
import { type Budgets, type Expected, estimateRun } from "../../run/estimate/estimate-run.ts";
import { type Placement, type PlaceOptions, type Plan, placeRun } from "../../run/index.ts";
import { ANSWERED, readScores } from "../../runlog/index.ts";
import { type InspectedEndpoint, inspectEndpoint } from "../../system/index.ts";
import { type Deps, line } from "../deps.ts";
import { type ChoiceOptions, type Job, type JobOptions, prepareJob } from "../job/prepare-job.ts";
import { planRefusals } from "../refusal/dry-run-refusals.ts";
import { requireTextPlan } from "../terminal/text-plan.ts";
import type { Limits } from "./carry-out.ts";
import { basis, promptTable, totals, windowText } from "./dry-run-text.ts";
import { type LookAhead, lookAhead } from "./look-ahead.ts";

export interface DryRunOptions extends JobOptions, ChoiceOptions, PlaceOptions, Pick<Limits, "maxCost"> {
  readonly format: string;
}

/**
 * Carries out `bench run --dry-run`: says what would be asked, whether the endpoint is ready for it, and what it would take;
 * asks no question, retrieves nothing and writes nothing.
 * @returns 0, or 4 when a system could not be run as it stands
 */
export async function dryRun(options: DryRunOptions, deps: Deps): Promise<number> {
  requireTextPlan(options.format);
  const job = await prepareJob(options, deps);
  requirePrices(options.maxCost, job.parts);
  return dryRunJob(job, options, deps);
}

/** The same of a job that is prepared. */
export async function dryRunJob(job: Job, options: PlaceOptions, deps: Deps): Promise<number> {
  const warnings = job.parts.flatMap(({ plan }) => plan.warnings.map(formatProblem));
  for (const warning of new Set(warnings)) line(deps.stderr, `warning: ${warning}`);
  const passages = await openPassageStore(job.dataset);
  const problems: Problem[] = [];
  try {
    for (const part of job.parts) {
      const place = await placeRun(job.project.runs, part.plan, options);
      const said = await planOf({ ...part, place, job, passages }, problems, deps);
      line(deps.stdout, `${said.join("\n")}\n`);
      if (job.refusalJudge) await planRefusals(job.refusalJudge, { ...part, place, job }, problems, deps);
    }
  } finally {
    await passages.close();
  }
  for (const problem of problems) line(deps.stderr, formatProblem(problem));
  line(deps.stderr, "a dry run: nothing was asked and nothing written");
  return problems.length > 0 ? EXIT.unavailable : EXIT.ok;
}

interface Planned {
  readonly system: Job["parts"][number]["system"];
  readonly plan: Plan;
  readonly place: Placement;
  readonly job: Job;
  readonly passages: PassageStore;
}

const ACTIONS = {
  create: "new",
  resume: "interrupted, would go on",
  reuse: "finished before, nothing to ask",
} as const;

/** What would be done for one system, as lines. */
async function planOf(planned: Planned, problems: Problem[], deps: Deps): Promise<string[]> {
  const { system, plan, place } = planned;
  const { manifest, questions } = plan;
  const lines = [
    `${printable(place.run)}: ${printable(system.id)} on ${printable(manifest.suite.id)} (${ACTIONS[place.action]})`,
  ];
  const open = await openAnswers(plan, place);
  const of = manifest.trials === 1 ? "" : ` × ${manifest.trials} trials`;
  const conditions = manifest.conditions.join(", ");
  lines.push(
    conditions === ""
      ? `  ${formatCount(questions.records.length)} questions, rankings of ${manifest.depth} passages, no answers`
      : `  ${formatCount(questions.records.length)} questions under ${conditions}${of}: ${formatCount(sum(open.values()))} answers to ask for`,
  );
  if (place.action === "reuse" || conditions === "") return lines;
  const endpoint = await inspectEndpoint(system, deps);
  if (endpoint === undefined) {
    const kind = system.config.generator?.kind ?? "";
    lines.push(`  a generator of kind ${kind}: its tokens and cost are not estimated`);
    return lines;
  }
  lines.push(...(await endpointLines(endpoint, planned, open, problems, deps)));
  return lines;
}

async function endpointLines(
  endpoint: InspectedEndpoint,
  planned: Planned,
  open: ReadonlyMap<string, number>,
  problems: Problem[],
  { signal }: Deps,
): Promise<string[]> {
  const { plan, job } = planned;
  const { config } = endpoint;
  const lines: string[] = [];
  let listed: number | undefined;
  try {
    listed = (await endpoint.served(signal)).contextWindow;
    lines.push(
      `  endpoint: ${printable(endpoint.name)} is there; nothing speaks against the model ${printable(config.model)}`,
    );
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    problems.push(...error.problems);
    lines.push(`  endpoint: ${printable(endpoint.name)} cannot be used: ${error.code}`);
  }
  const ahead = await lookAhead(endpoint, listed, planned);
  // What a probe makes may be over the window: that is its result.
  const [wrong, told] = plan.contexts ? [[], ahead.problems] : [ahead.problems, []];
  problems.push(...wrong);
  lines.push(`  context window: ${windowText(ahead)}`);
  for (const warning of [...told, ...ahead.warnings])
    lines.push(`  warning: ${formatProblem(warning).replaceAll("\n", "\n  ")}`);
  const earlier = await earlierAnswers(job.project.runs, plan.manifest);
  const expected = expectedOf(ahead, earlier, open, config.max_tokens);
  lines.push("", promptTable(ahead, earlier, open, config.max_tokens), "");
  const budgets: Budgets = config.rate ?? {};
  const counted = ahead.prompts.every(({ condition }) => earlier.get(condition)?.answerTokens !== undefined);
  const estimate = estimateRun(expected, { price: plan.price, budgets, concurrency: config.concurrency });
  return [...lines, ...totals(estimate, plan, config.concurrency, counted), ...basis(ahead, earlier)];
}

/** How many answers the log still lacks, by condition. */
async function openAnswers({ manifest, questions, conditions }: Plan, place: Placement): Promise<Map<string, number>> {
  const all = questions.records.length * manifest.trials;
  const done = place.action === "create" ? undefined : await readScores(place.dir);
  return new Map(
    conditions.map((condition) => {
      const name = formatCondition(condition);
      const group = done?.groups.get(name);
      return [name, group === undefined ? all : group.answered.filter((cell) => cell === ANSWERED.absent).length];
    }),
  );
}

/** An earlier run's counts where there are any: they are the server's own; else estimates, and the longest answer allowed. */
function expectedOf(
  { prompts }: LookAhead,
  earlier: ReadonlyMap<string, EarlierAnswers>,
  open: ReadonlyMap<string, number>,
  maxTokens: number,
): Expected[] {
  return prompts.map(({ condition, mean }) => {
    const before = earlier.get(condition);
    return {
      condition,
      answers: open.get(condition) ?? 0,
      promptTokens: before?.promptTokens ?? mean,
      answerTokens: before?.answerTokens ?? maxTokens,
      ms: before?.ms,
    };
  });
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
