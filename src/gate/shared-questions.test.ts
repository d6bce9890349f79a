import { describe, expect, it } from "vitest";
import { CELL } from "../runlog/index.ts";
import { formatGate } from "./format-gate.ts";
import { gate } from "./gate.ts";
import { limitsOf } from "./limits.ts";
import { restrict, sharedQuestions } from "./shared-questions.ts";
import { SCORES, shifted } from "./testing/gated.ts";
import { type MadeScores, madeScores } from "./testing/made-scores.ts";

const IDS = SCORES.map((_, i) => `q${i}`);
const made = (from: number, to: number, cells: readonly number[], more: Partial<MadeScores> = {}) =>
  madeScores({
    queries: IDS.slice(from, to),
    groups: { "rag@3": { F1: cells.slice(from, to) } },
    gate: { F1: { min_effect: 0.02 } },
    protocolFields: { version: 1, questions: `${from}-${to}` },
    ...more,
  });

describe("a gate over different questions", () => {
  const [baseline, candidate] = [made(0, 40, SCORES), made(10, 50, shifted(-0.06))];

  it("is refused with how many differ and their ids, and told of --shared", () => {
    const run = () => gate(baseline, candidate, limitsOf(candidate.manifest), { seed: 0 });
    expect(run).toThrow(/only there: "q0", "q1", "q2" and 7 more[\s\S]*only there: "q40"[\s\S]*--shared/);
  });

  it("with shared is that over the questions of both, and says how many those are", () => {
    const verdict = gate(baseline, candidate, limitsOf(candidate.manifest), { seed: 0, shared: true });
    expect(verdict).toMatchObject({ verdict: "fail", questions: 30, failures: { asked: 30 } });
    expect(verdict.notes).toContain(
      "only the 30 questions that both were asked: the baseline was asked 40, the candidate 40",
    );
    const whole = gate(made(10, 40, SCORES), made(10, 40, shifted(-0.06)), limitsOf(candidate.manifest), { seed: 0 });
    expect(verdict.checks).toEqual(whole.checks);
  });

  it("says nothing of it where all are shared", () => {
    const { notes } = gate(baseline, baseline, limitsOf(baseline.manifest), { seed: 0, shared: true });
    expect(notes).toEqual([]);
  });

  it("is one where one is, and says so", () => {
    const one = gate(made(0, 10, SCORES), made(9, 20, SCORES), limitsOf(candidate.manifest), { seed: 0, shared: true });
    expect(one.notes[0]).toMatch(/^only the question that both were asked:/);
    expect(formatGate(one, "text")).toContain("\n1 question; error rate");
  });

  it("is refused where none is shared, shared or not", () => {
    const run = () =>
      gate(made(0, 10, SCORES), made(10, 20, SCORES), limitsOf(candidate.manifest), { seed: 0, shared: true });
    expect(run).toThrow(/at least one question that both runs were asked/);
  });
});

describe("restrict", () => {
  it("keeps the latencies of the questions that stay, each with its question's new place", () => {
    const scores = madeScores({ queries: ["a", "b", "c"], trials: 2, groups: { "rag@1": { F1: [0, 1, 2, 3, 4, 5] } } });
    const group = scores.groups.get("rag@1")!;
    const timed = { ...group, ms: Float64Array.of(10, 20, 21, 30), msQueries: Uint32Array.of(0, 1, 1, 2) };
    const kept = restrict({ ...scores, groups: new Map([["rag@1", timed]]) }, new Set(["b", "c"]));
    const { ms, msQueries } = kept.groups.get("rag@1")!;
    expect([...ms]).toEqual([20, 21, 30]);
    expect([...msQueries]).toEqual([0, 0, 1]);
  });

  it("keeps order, clusters and the cells of all trials", () => {
    const scores = madeScores({
      queries: ["a", "b", "c"],
      clusters: [7, 8, 9],
      trials: 2,
      groups: { retrieval: { RR: [0.1, 0.2, 0.3] }, "rag@1": { F1: [0, 1, "failed", 3, "unscored", 5] } },
    });
    const kept = restrict(scores, new Set(["c", "b", "nowhere"]));
    expect(kept.queries).toEqual(["b", "c"]);
    expect([...kept.clusters!]).toEqual([8, 9]);
    expect([...kept.groups.get("retrieval")!.metrics.get("RR")!.values]).toEqual([0.2, 0.3]);
    const { values, states } = kept.groups.get("rag@1")!.metrics.get("F1")!;
    expect([...values]).toEqual([0, 3, 0, 5]);
    expect([...states]).toEqual([CELL.failed, CELL.scored, CELL.unscored, CELL.scored]);
    expect(restrict(scores, new Set(["a", "b", "c"]))).toBe(scores);
    expect([...sharedQuestions(scores, kept)]).toEqual(["b", "c"]);
  });
});
