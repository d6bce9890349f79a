import { BadArgument, DataError } from "../../core/errors.ts";
import type { Scores } from "../../runlog/index.ts";
import { holm } from "../../stats/index.ts";
import { incomparable } from "../comparable.ts";
import type { ComparedMetric } from "../compare/index.ts";
import { type Chosen, planComparison } from "../compare/plan-comparison.ts";
import { readVerdict, settle } from "../compare/settle.ts";

import { type Evidence, evidenceOf } from "../evidence.ts";
import { trialsNote } from "../notes.ts";
import type { PlannedCheck } from "../plan-checks.ts";
import { nameOf } from "../run-name.ts";
import { systemDifferences } from "../system-differences.ts";
import { decideQuickly } from "./decide-quickly.ts";
import type { Change, HistoryEntry, MetricChange } from "./history.ts";

export interface HistoryOptions extends Chosen {
  /** The error rate of the series, in (0, 0.5). Default: 1 - the first run's confidence level. */
  readonly alpha?: number;
  /** Over how many runs that error is shared out, 1 or more. Default 50. */
  readonly horizon?: number;
  /** Of the randomization tests. Default: the first run's. */
  readonly seed?: number;
  /** The names of runs that a person accepted. */
  readonly accepted?: ReadonlySet<string>;
  /** The runs are narrowed to questions that all of them have. */
  readonly shared?: boolean;
}

export const HORIZON = 50;

/** The test is asked in full only where the interval shows a change; elsewhere it decides nothing. */
const QUICK_DRAWS = 999;
const DRAWS = { least: 99_999, most: 2_000_000 } as const;

/** One difference that a run is asked for. */
interface Question {
  readonly check: PlannedCheck;
  readonly against: Scores;
}

/**
 * Walks along the runs of one system, oldest first, and says of each what changed.
 *
 * **The rule.** Every metric of a run is held against the run before and against a reference: the first run, or the last one
 * that a person accepted or at which the metric was found changed, whichever is later. So a loss at once is seen, and one in
 * many small steps. Differences are judged as `compareRuns` judges them: question by question, two one-sided claims each (it
 * gained, or lost, more than the suite's minimum effect), all of a run decided together as in `decide`, which is Holm's
 * procedure; and the randomization test, with Holm too, must agree. A change is flagged where either is `better` or `worse`.
 *
 * **The error rate.** Every run's verdicts together have the error alpha / horizon. So a series in which nothing changes has
 * any flag with a probability of at most alpha over its first `horizon` comparisons, however often it is looked at meanwhile,
 * and in any later stretch of that length. And what a run was called stays when runs are added, which no adjustment over the
 * series as it stands allows. After a change that is real, the reference is a run that was chosen for being off, and might
 * itself be luckier than what follows; the simulations of the tests find no more false flags then.
 *
 * Scores of two earlier runs are held, or of more where metrics changed at different runs.
 */
export class HistoryWalk {
  readonly #options: HistoryOptions;
  readonly #horizon: number;
  #seed: number | undefined;
  #alpha: number | undefined;
  #before: Scores | undefined;
  /** By condition and metric: the last run that has it, and the one it is held against. */
  readonly #last = new Map<string, Scores>();
  readonly #reference = new Map<string, Scores>();

  constructor(options: HistoryOptions = {}) {
    const { horizon = HORIZON } = options;
    if (!(horizon >= 1)) throw new BadArgument(`horizon must be at least 1, got ${horizon}`);
    this.#options = options;
    this.#horizon = horizon;
    this.#seed = options.seed;
    this.#alpha = options.alpha;
  }

  /**
   * Takes the next run.
   * @throws DataError when it may not be compared with the one before: another protocol, dataset or question set
   */
  add(scores: Scores): HistoryEntry {
    const { manifest, queries } = scores;
    const { shared = false, accepted = new Set() } = this.#options;
    this.#seed ??= manifest.seed;
    // .05 and not .050000000000000044.
    this.#alpha ??= Number((1 - manifest.level).toPrecision(12));
    const alpha = this.#alpha / this.#horizon;
    const before = this.#before;
    const problems = before ? incomparable(before, scores, { shared, code: "E_COMPARE" }) : [];
    if (problems.length > 0) throw new DataError(problems);

    const notes = new Set(before ? trialsNote(before.manifest, manifest) : []);
    const questions = this.#questions(scores, notes);
    const settled = this.#settle(questions, scores, alpha);
    const isAccepted = accepted.has(manifest.run);
    const metrics = this.#metrics(questions, settled);
    this.#note(scores, metrics, isAccepted);
    this.#before = scores;
    return {
      run: nameOf(manifest),
      startedAt: manifest.startedAt,
      questions: queries.length,
      accepted: isAccepted,
      alpha: this.#alpha,
      horizon: this.#horizon,
      compared: questions.length,
      config: before ? systemDifferences(before.manifest, manifest) : [],
      code: manifest.code,
      metrics,
      notes: [...notes],
    };
  }

  /** The run before and the reference of every metric; the two of a metric follow each other. */
  #questions(scores: Scores, notes: Set<string>): Question[] {
    const plans = new Map<Scores, readonly PlannedCheck[]>();
    for (const earlier of new Set([...this.#last.values(), ...this.#reference.values()])) {
      const plan = planComparison(earlier, scores, this.#options);
      plans.set(earlier, plan.checks);
      if (earlier === this.#before) for (const note of plan.notes) notes.add(note);
    }
    const planned = (against: Scores, key: string): Question[] => {
      const check = plans.get(against)!.find((one) => keyOf(one) === key);
      return check ? [{ check, against }] : [];
    };
    return Array.from(this.#last).flatMap(([key, last]) => {
      const reference = this.#reference.get(key)!;
      return [...planned(last, key), ...(reference === last ? [] : planned(reference, key))];
    });
  }

  /** Decides all questions of a run together. */
  #settle(questions: readonly Question[], scores: Scores, alpha: number): ComparedMetric[] {
    const seed = this.#seed!;
    const quick = questions.map(({ check, against }) =>
      evidenceOf(check, against, scores, { seed, draws: QUICK_DRAWS }),
    );
    const decisions = decideQuickly(
      quick.map(({ claim, plan }) => ({ ...claim, floor: -plan.limit })),
      alpha,
    );
    // Enough that a p-value can be far below what Holm asks of the smallest one.
    const draws = Math.min(DRAWS.most, Math.max(DRAWS.least, Math.ceil((10 * questions.length) / alpha)));
    const evidence = quick.map((found, i): Evidence => {
      const word = readVerdict(found, decisions[i]!);
      if (word !== "better" && word !== "worse") return found;
      const { check, against } = questions[i]!;
      return evidenceOf(check, against, scores, { seed, draws });
    });
    const adjusted = holm(evidence.map(({ paired }) => paired!.randomization.p));
    return evidence.map((found, i) => settle(found, decisions[i]!, adjusted[i]!, alpha));
  }

  #metrics(questions: readonly Question[], settled: readonly ComparedMetric[]): MetricChange[] {
    const found = new Map<string, (ComparedMetric & { against: string })[]>();
    for (const [i, { check, against }] of questions.entries()) {
      const one = { ...settled[i]!, against: against.manifest.run };
      found.set(keyOf(check), [...(found.get(keyOf(check)) ?? []), one]);
    }
    return Array.from(found.values(), ([previous, reference]) => {
      const change = changeOf(previous!, "step") ?? (reference && changeOf(reference, "drift"));
      const { metric, condition } = previous!;
      return { metric, condition, previous: previous!, ...(reference && { reference }), ...(change && { change }) };
    });
  }

  /** Remembers what later runs are held against. */
  #note(scores: Scores, metrics: readonly MetricChange[], accepted: boolean): void {
    const changed = new Set(metrics.filter(({ change }) => change).map(keyOf));
    for (const [condition, group] of scores.groups) {
      for (const metric of group.metrics.keys()) {
        const key = keyOf({ condition, metric });
        this.#last.set(key, scores);
        if (accepted || changed.has(key) || !this.#reference.has(key)) this.#reference.set(key, scores);
      }
    }
  }
}

function changeOf(
  { verdict, against }: ComparedMetric & { against: string },
  kind: Change["kind"],
): Change | undefined {
  return verdict === "better" || verdict === "worse" ? { verdict, kind, since: against } : undefined;
}

function keyOf({ condition, metric }: { readonly condition: string; readonly metric: string }): string {
  return JSON.stringify([condition, metric]);
}
