import type { SuiteConfig } from "../config/index.ts";
import { hashValue } from "../lib/hash.ts";
import { type RankingMetric, REFUSAL_PATTERNS, REFUSAL_PHRASES } from "../metric/index.ts";
import type { RefusalJudgeName } from "../runlog/index.ts";
import type { Questions } from "./load-questions.ts";

/** Raised when a metric, the settling of rankings or the way questions are put changes what a number means. */
export const PROTOCOL_VERSION = 1;

export interface Protocol {
  /** `sha256:…` of the fields. */
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Everything a number depends on besides the system, so that two runs compare if and only if they agree in it: the
 * dataset and the questions asked of it (ids, texts, references, judgements), the rule or the version of the judge that
 * says what a refusal is, and the version of this tool's definitions. Of a probe, also what it changes.
 *
 * Not in it, because the number of one metric under one condition does not depend on them: which other conditions and
 * metrics were measured beside it (both are compared by name), how many trials a mean was taken over, seed and level of
 * intervals, limits of the gate. How deep was retrieved matters to metrics without a cutoff only, and is in it only then.
 */
export function protocolOf(
  suite: Pick<SuiteConfig, "refusal">,
  refusalJudge: RefusalJudgeName | undefined,
  dataset: { readonly sha256: string },
  questions: Questions,
  ranking: readonly RankingMetric[],
  depth: number,
  probe?: Readonly<Record<string, unknown>>,
): Protocol {
  const uncut = ranking.some((metric) => metric.depth === undefined);
  const fields = {
    version: PROTOCOL_VERSION,
    dataset: dataset.sha256,
    split: questions.split,
    questions: questions.sha256,
    relevance: "passage",
    refusal: refusalJudge
      ? { judge: refusalJudge }
      : {
          phrases: suite.refusal?.phrases ?? REFUSAL_PHRASES,
          patterns: suite.refusal?.patterns ?? REFUSAL_PATTERNS,
        },
    ...(uncut && { depth }),
    ...(probe && { probe }),
  };
  return { id: `sha256:${hashValue(fields)}`, fields };
}
