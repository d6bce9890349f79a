import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { Scores } from "../../runlog/index.ts";
import { holm } from "../../stats/index.ts";
import { incomparable } from "../comparable.ts";
import { decide } from "../decide.ts";
import { evidenceOf } from "../evidence.ts";
import { trialsNote, unpairedNotes } from "../notes.ts";
import { nameOf } from "../run-name.ts";
import { restrict, sharedQuestions } from "../shared-questions.ts";
import { systemDifferences } from "../system-differences.ts";
import type { Comparison } from "./comparison.ts";
import { flipChecks, flipsOf } from "./flips.ts";
import { type Chosen, type PlannedComparison, planComparison } from "./plan-comparison.ts";
import { settle } from "./settle.ts";

export interface CompareOptions extends Chosen {
  /** The error rate over all that is compared, in (0, 0.5). Default: 1 - the candidates' confidence level. */
  readonly alpha?: number;
  /** Of the randomization tests. Default: the baseline's. */
  readonly seed?: number;
  /** Random sign assignments of each test, >= 999. Default 99,999. */
  readonly draws?: number;
  /** Compare runs over different questions on those that both were asked. */
  readonly shared?: boolean;
  /** List flips: at most so many per condition, and by which metric. */
  readonly flips?: { readonly most: number; readonly by?: string | undefined };
}

/** Two runs on the questions compared, and what is compared. */
interface Pairing {
  readonly baseline: Scores;
  readonly candidate: Scores;
  readonly asked?: Comparison["asked"];
  readonly plan: PlannedComparison;
}

/**
 * Compares every candidate with the baseline on all metrics and conditions that both have, question by question.
 *
 * Each difference has two claims: "the candidate gains more than the minimum effect" and "it loses more than that". All
 * claims of all candidates are decided together by `decide`, as a gate's are, so that the chance of any wrong `better` or
 * `worse` is at most alpha; the interval shown is the one that decided. Besides there is the randomization test of no
 * difference at all, adjusted by Holm: where it does not reject at alpha nothing is called better or worse. `equivalent`
 * means that the whole interval lies within the minimum effect.
 *
 * @returns a comparison per candidate, in their order
 * @throws DataError with every reason why any of the runs cannot be compared
 */
export function compareRuns(
  baseline: Scores,
  candidates: readonly Scores[],
  options: CompareOptions = {},
): Comparison[] {
  const { shared = false, seed = baseline.manifest.seed, draws, flips } = options;
  // .05 and not .050000000000000044.
  const alpha = options.alpha ?? Number((1 - (candidates[0] ?? baseline).manifest.level).toPrecision(12));
  const problems = candidates.flatMap((candidate) => incomparable(baseline, candidate, { shared, code: "E_COMPARE" }));
  if (problems.length > 0) throw new DataError(unique(problems));
  const pairings = candidates.map((candidate) => pairingOf(baseline, candidate, options));
  const unplanned = pairings.flatMap(({ plan }) => plan.problems);
  if (unplanned.length > 0) throw new DataError(unique(unplanned));

  const evidence = pairings.map((pairing) =>
    pairing.plan.checks.map((check) =>
      evidenceOf(check, pairing.baseline, pairing.candidate, { seed, ...(draws !== undefined && { draws }) }),
    ),
  );
  const all = evidence.flat();
  const decisions = decide(
    all.map(({ claim, plan }) => ({ ...claim, floor: -plan.limit })),
    alpha,
  );
  const adjusted = holm(all.map((e) => e.paired!.randomization.p));
  const settled = new Map(all.map((e, i) => [e, settle(e, decisions[i]!, adjusted[i]!, alpha)]));
  return pairings.map(({ baseline: a, candidate: b, asked, plan }, i) => {
    const metrics = evidence[i]!.map((e) => settled.get(e)!);
    const listed = flips ? flipChecks(plan.checks, plan.gated, flips.by) : [];
    return {
      schema: 1,
      suite: b.manifest.suite.id,
      protocol: b.manifest.protocol,
      baseline: nameOf(a.manifest),
      candidate: nameOf(b.manifest),
      alpha,
      compared: all.length,
      seed,
      questions: b.queries.length,
      ...(asked && { asked }),
      metrics,
      config: systemDifferences(a.manifest, b.manifest),
      flips: listed.map((check) => flipsOf(check, a, b, flips!.most)),
      notes: [...trialsNote(a.manifest, b.manifest), ...plan.notes, ...unpairedNotes(metrics)],
    };
  });
}

function pairingOf(a: Scores, b: Scores, options: CompareOptions): Pairing {
  if (!options.shared) return { baseline: a, candidate: b, plan: planComparison(a, b, options) };
  const both = sharedQuestions(a, b);
  if (both.size === 0) throw new DataError([nothingShared(a, b)]);
  const [baseline, candidate] = [restrict(a, both), restrict(b, both)];
  const asked = { baseline: a.queries.length, candidate: b.queries.length };
  const plan = planComparison(baseline, candidate, options);
  const all = asked.baseline === both.size && asked.candidate === both.size;
  return { baseline, candidate, plan, ...(!all && { asked }) };
}

/** A baseline that no candidate can be compared with has its reason once. */
function unique(problems: readonly Problem[]): Problem[] {
  return Array.from(new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values());
}

function nothingShared({ manifest: a }: Scores, { manifest: b }: Scores): Problem {
  return {
    code: "E_COMPARE_QUERIES",
    where: `${a.run} and ${b.run}`,
    expected: "at least one question that both runs were asked",
    got: "none",
    fix: "compare runs over the same questions",
  };
}
