import { readFileSync } from "node:fs";
import { shared } from "../../lib/testing/shared.ts";

/** What `../shared/reference/significance.json` holds, as far as tests read it. */
export interface Significance {
  readonly scores: Record<"bm25" | "second" | "third", Record<string, number[]>>;
  readonly tests: Record<string, PairedTest>;
  readonly bootstrap_algebra_given_resamples: Record<string, number[]>;
  readonly multiple_testing: Record<string, { p: number[]; holm: { adjusted: number[] } }>;
  readonly mcnemar: Record<string, { table?: number[][]; exact?: { p: number } }>;
  readonly proportion_ci95: { k: number; n: number; wilson: [number, number] }[];
}

export interface PairedTest {
  readonly mean_diff: number;
  readonly sd_diff_ddof1: number;
  readonly n_zero_diff: number;
  readonly n_pos: number;
  readonly n_neg: number;
  readonly ttest_rel: { readonly p: number; readonly ci95: [number, number] };
  readonly permutation_exact_first12: { readonly "two-sided": { readonly p: number } };
  readonly bootstrap_9999_ci95: Record<"mean_x" | "mean_y" | "paired_diff", Record<string, unknown>>;
}

export interface SeededInterval {
  readonly mean_of_10_seeds: [number, number];
  readonly sd_of_10_seeds: [number, number];
}

export function significance(): Significance {
  return JSON.parse(readFileSync(shared("reference/significance.json"), "utf8")).values;
}

/** The three p-values scipy drew with three seeds, 99,999 permutations each. */
export function permutationSeeds(test: PairedTest): number[] {
  const key = Object.keys(test).find((name) => name.startsWith("permutation_99999"))!;
  return (test as unknown as Record<string, number[]>)[key]!;
}

/** The scores behind one entry of `tests`: its name says which runs and which measure. */
export function pairOf({ scores }: Significance, name: string): { x: number[]; y: number[] } {
  const [measure, runs] = name.split(/ (.*)/);
  return { x: scores[runs === undefined ? "bm25" : "third"][measure!]!, y: scores.second[measure!]! };
}
