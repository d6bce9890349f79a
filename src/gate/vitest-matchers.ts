/**
 * Matchers over run folders for Vitest: `plumbline/vitest`.
 *
 *     import { expect } from "vitest";
 *     import * as matchers from "plumbline/vitest";
 *     expect.extend(matchers);
 *
 *     await expect("runs/my-run").toPassGate("benchmarks/baselines/handbook/bm25-reader");
 *     await expect("runs/my-run").toScoreAtLeast("nDCG@10", 0.6);
 *
 * @module
 */
// So that the declaration at the end finds the module it adds to.
import type {} from "vitest";
import { DataError } from "../core/errors.ts";
import { quoteValue } from "../lib/text.ts";
import { openRun, readScores, type Scores, verifyRun } from "../runlog/index.ts";
import { formatGate } from "./format-gate.ts";
import { type GateOptions, gate } from "./gate.ts";
import { limitsOf } from "./limits.ts";
import { type GateVerdict, gateExitCode } from "./verdict.ts";

export interface PassGateOptions extends Partial<Pick<GateOptions, "seed" | "shared" | "calibrations">> {
  /** Whether "cannot tell" fails. Default false, as in `bench gate`. */
  readonly strict?: boolean;
  /** The error rate of the whole gate; the suite's when left out. */
  readonly alpha?: number;
}

export interface ScoreOptions extends Partial<Pick<GateOptions, "calibrations">> {
  /** A condition such as `rag@3`; every one that the run has when left out. */
  readonly condition?: string;
  /** Hold the mean itself against the floor, not the lower bound of its interval. Default false. */
  readonly point?: boolean;
}

export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Whether a finished run passes the gate of its suite against a baseline.
 * @param received the candidate's folder @param baseline the baseline's
 * @throws DataError when a folder is no sound, finished run or the two cannot be compared, with every reason
 */
export async function toPassGate(
  received: unknown,
  baseline: string,
  { strict = false, alpha, seed, ...options }: PassGateOptions = {},
): Promise<MatcherResult> {
  const candidate = await scoresOf(received);
  const limits = limitsOf(candidate.manifest);
  const verdict = gate(await scoresOf(baseline), candidate, alpha === undefined ? limits : { ...limits, alpha }, {
    seed: seed ?? candidate.manifest.seed,
    ...options,
  });
  return told(verdict, gateExitCode(verdict, { strict }) === 0);
}

/**
 * Whether a metric of a finished run reaches a floor: with the lower bound of its interval at the run's level, failed questions
 * counted with the metric's floor.
 * @param received the run's folder @param metric a metric's name or a judge's column
 * @throws DataError when the folder is no sound, finished run or has no such metric
 */
export async function toScoreAtLeast(
  received: unknown,
  metric: string,
  floor: number,
  { condition, point = false, ...options }: ScoreOptions = {},
): Promise<MatcherResult> {
  const scores = await scoresOf(received);
  const { level, seed } = scores.manifest;
  const limit = {
    at_least: floor,
    ...(point && { point }),
    ...(condition !== undefined && { conditions: [condition] }),
  };
  const limits = { alpha: Number((1 - level).toPrecision(12)), maxFailures: 1, metrics: new Map([[metric, limit]]) };
  const verdict = gate(scores, scores, limits, { seed, ...options });
  return told(verdict, verdict.verdict === "pass");
}

function told(verdict: GateVerdict, pass: boolean): MatcherResult {
  return { pass, message: () => `${pass ? "expected it not to\n" : ""}${formatGate(verdict, "text")}` };
}

async function scoresOf(folder: unknown): Promise<Scores> {
  if (typeof folder !== "string") {
    const fix = "await expect(folder).toPassGate(baseline)";
    throw new DataError([
      { code: "E_MATCHER", where: "expect()", expected: "a run's folder", got: quoteValue(folder), fix },
    ]);
  }
  const problems = await verifyRun(folder);
  if (problems.length > 0) throw new DataError(problems);
  const { state, manifest } = await openRun(folder);
  if (state === "complete") return readScores(folder);
  const fix = `finish it with --resume: ${manifest.command} --resume`;
  throw new DataError([
    { code: "E_RUN_INTERRUPTED", where: folder, expected: "a finished run", got: "an interrupted one", fix },
  ]);
}

declare module "vitest" {
  interface Matchers<T> {
    /** A finished run's folder passes the gate of its suite against a baseline's. */
    toPassGate(baseline: string, options?: PassGateOptions): Promise<T>;
    /** A metric of a finished run reaches a floor. */
    toScoreAtLeast(metric: string, floor: number, options?: ScoreOptions): Promise<T>;
  }
}
