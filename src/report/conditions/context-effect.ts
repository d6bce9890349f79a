import { parseCondition } from "../../core/condition.ts";
import type { Estimate } from "../../core/estimate.ts";
import { seeded } from "../../core/rng.ts";
import { type ScoreSample, type Scores, sampleOf } from "../../runlog/index.ts";
import { comparePaired, holm } from "../../stats/index.ts";
import { columnHead } from "../metric-head.ts";

/** Random sign assignments of each test. */
const DRAWS = 9_999;
/** From here on Student's t gives the same interval as the bootstrap and costs nothing. */
const MANY_PAIRS = 1000;

/** What retrieval changes in the answers of one system, by one metric, on the same questions. */
export interface ContextEffect {
  readonly system: string;
  readonly run: string;
  /** `gain`: rag@k − closed-book, what the passages bring. `loss`: oracle − rag@k, what better retrieval could bring. */
  readonly kind: "gain" | "loss";
  /** Such as `rag@5`. */
  readonly condition: string;
  readonly metric: string;
  /** What a difference can be; absent where nothing bounds it. */
  readonly bounds?: readonly [low: number, high: number];
  /** Mean of the differences, a question the unit whatever the trials; `unscored` has a value on one side only. */
  readonly difference: Estimate;
  /** Two-sided p-value of the paired randomization test, in (0, 1]. */
  readonly p: number;
  /** The same, adjusted by Holm over all effects of the run. */
  readonly pHolm: number;
  /** Questions whose difference is above and below 0. */
  readonly up: number;
  readonly down: number;
}

/**
 * Retrieval gain and loss of a run: of every metric of answers against references and every judge's, for every rag
 * condition, as far as the run has the conditions to compare with. Empty where it has none.
 * @param level confidence level in (0, 1)
 */
export function contextEffects(scores: Scores, level: number): ContextEffect[] {
  const { run, seed, system, conditions } = scores.manifest;
  const found = conditions
    .filter((name) => parseCondition(name)?.kind === "rag")
    .flatMap((condition) =>
      Array.from(scores.groups.get(condition)?.metrics.keys() ?? [])
        .map((metric) => columnHead(metric, [scores]))
        .filter(({ group }) => group === "reference" || group === "judged")
        .flatMap(({ name: metric, range }) =>
          (["gain", "loss"] as const).flatMap((kind) => {
            const [a, b] = kind === "gain" ? [condition, "closed-book"] : ["oracle", condition];
            const pairs = pairsOf(sampleOf(scores, a, metric), sampleOf(scores, b, metric));
            if (pairs === undefined || pairs.a.length === 0) return [];
            const compared = comparePaired(pairs.a, pairs.b, {
              level,
              draws: DRAWS,
              ...(pairs.a.length >= MANY_PAIRS && { method: "t" as const }),
              ...(range && { range }),
              ...(pairs.clusters && { clusters: pairs.clusters }),
              failed: pairs.failed,
              unscored: pairs.unscored,
              rng: seeded(seed).fork(`conditions/${run}/${kind}/${condition}/${metric}`),
            });
            const { difference, p, wins: up, losses: down } = compared;
            const bounds = range && ([range[0] - range[1], range[1] - range[0]] as const);
            return [
              { system: system.id, run, kind, condition, metric, difference, p, up, down, ...(bounds && { bounds }) },
            ];
          }),
        ),
    );
  const adjusted = holm(found.map(({ p }) => p));
  return found.map((effect, i) => ({ ...effect, pHolm: adjusted[i]! }));
}

/** The values of the questions that have one on both sides. */
function pairsOf(a: ScoreSample | undefined, b: ScoreSample | undefined) {
  if (a === undefined || b === undefined) return undefined;
  const other = new Map(Array.from(b.queries, (query, i) => [query, b.values[i]!]));
  const at = Array.from(a.queries.keys()).filter((i) => other.has(a.queries[i]!));
  return {
    a: at.map((i) => a.values[i]!),
    b: at.map((i) => other.get(a.queries[i]!)!),
    ...(a.clusters && { clusters: at.map((i) => a.clusters![i]!) }),
    failed: Math.min(at.length, Math.max(a.failed, b.failed)),
    unscored: a.values.length + b.values.length - 2 * at.length,
  };
}
