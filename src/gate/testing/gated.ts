import { seeded } from "../../core/rng.ts";
import { gate } from "../gate.ts";
import { limitsOf } from "../limits.ts";
import type { GateVerdict } from "../verdict.ts";
import { type Cell, type MadeScores, madeScores } from "./made-scores.ts";

/** Gates two runs by the candidate's own limits. */
export function gated(baseline: MadeScores, candidate: MadeScores): GateVerdict {
  const [a, b] = [madeScores({ run: "base", ...baseline }), madeScores({ run: "cand", ...candidate })];
  return gate(a, b, limitsOf(b.manifest), { seed: 0 });
}

/** One run with F1 under rag@3. */
export function f1(cells: readonly Cell[], gate_: unknown = { F1: { min_effect: 0.02 } }): MadeScores {
  return { groups: { "rag@3": { F1: cells } }, gate: gate_ };
}

const rng = seeded("gate");
export const SCORES = Array.from({ length: 50 }, () => Math.round(rng.float() * 100) / 100);
export const shifted = (by: number, spread = 0.01) =>
  SCORES.map((x, i) => Math.min(1, Math.max(0, x + by + (i % 2 === 0 ? spread : -spread))));
/** As noisy as the scores themselves, and on average the same. */
export const RESHUFFLED = [...SCORES].reverse();
