import { canonicalJson } from "../../lib/hash.ts";
import { wilson } from "../../stats/index.ts";
import type { AnswerPrints } from "./answer-prints.ts";

/**
 * What two systems stay below that answer by themselves. Of the 66 pairs of 12 systems on Natural Questions the two that agree most,
 * variants of one reader over different passages, say the same in 66 % of 1,504 answers that tell anything (3,610 questions); of
 * 301 questions, in 74.6 % of 134. Where both are right, up to 98 % of the answers are the same.
 */
export const COPIES = {
  /** Questions that both must have an answer to that tells anything. */
  least: 20,
  /** The share of equal answers from which on a pair is flagged. */
  share: 0.9,
  /** What the interval of that share must lie above. */
  above: 0.75,
  /** The level of the interval: many pairs are looked at. */
  level: 0.99,
} as const;

/** A run as it is compared with others of its suite and protocol. */
export interface PrintedRun {
  readonly run: string;
  /** What its system's file says the answers come from; see {@link answerSource}. */
  readonly source: string | undefined;
  readonly prints: AnswerPrints;
}

/** Two systems whose answers under one condition are too often the same. */
export interface SameAnswerPair {
  /** Names of the runs. */
  readonly runs: readonly [string, string];
  readonly condition: string;
  readonly same: number;
  /** Questions that both gave an answer to that tells anything. */
  readonly compared: number;
}

/** The pairs of runs that are to be flagged, most alike first; those that say they have one source are not compared. */
export function sameAnswerPairs(runs: readonly PrintedRun[]): SameAnswerPair[] {
  return runs
    .flatMap((a, at) =>
      runs.slice(at + 1).flatMap((b) => {
        if (a.source !== undefined && a.source === b.source) return [];
        return Array.from(a.prints).flatMap(([condition, prints]) => {
          const others = b.prints.get(condition);
          if (others === undefined || others.length !== prints.length) return [];
          const counted = { ...countSame(prints, others) };
          return tooAlike(counted) ? [{ runs: [a.run, b.run] as const, condition, ...counted }] : [];
        });
      }),
    )
    .sort((a, b) => b.same / b.compared - a.same / a.compared);
}

function countSame(a: Uint32Array, b: Uint32Array) {
  let same = 0;
  let compared = 0;
  for (let at = 0; at < a.length; at += 1) {
    if (a[at] === 0 || b[at] === 0) continue;
    compared += 1;
    if (a[at] === b[at]) same += 1;
  }
  return { same, compared };
}

function tooAlike({ same, compared }: Pick<SameAnswerPair, "same" | "compared">): boolean {
  const { least, share, above, level } = COPIES;
  return compared >= least && same >= share * compared && wilson(same, compared, level).low > above;
}

/**
 * What a system's file says its answers come from: the kind of its generator with the model, program, address or saved answers that
 * it names. Two systems with the same may well answer alike.
 * @returns undefined where it says nothing
 */
export function answerSource(config: unknown): string | undefined {
  const { generator } = Object(config) as { readonly generator?: unknown };
  if (generator === null || typeof generator !== "object") return undefined;
  const { kind, file, model, path, url, command } = generator as Readonly<Record<string, unknown>>;
  return canonicalJson([kind, file, model, path, url, command].map((value) => value ?? null));
}
