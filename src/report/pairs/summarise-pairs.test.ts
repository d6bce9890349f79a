import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Estimate } from "../../core/estimate.ts";
import { seeded } from "../../core/rng.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { type GradedLine, GradeWriter, type GradingHead, type PairOrder } from "../../runlog/index.ts";
import { owner } from "../../runlog/testing/made-log.ts";
import { type PairSummary, summarisePairs } from "./summarise-pairs.ts";

const SHA = "0".repeat(64);
const HEAD: GradingHead = {
  kind: "grading",
  schema: 1,
  run: "a",
  log: SHA,
  judge: { id: "pairwise", sha256: SHA, rubric: SHA, config: {} },
  criteria: [{ id: "preference", question: "?", steps: [{ name: "B", value: 0, anchor: "" }, { name: "A", value: 1, anchor: "" }] }], // biome-ignore format: a head
  repeats: 1,
  refusals: "apart",
  startedAt: "2026-01-02T03:04:05.000Z",
  against: { run: "b", log: SHA, system: "b" },
};

/** A pair's verdicts as preferences for the answer shown first; no number is a failure. */
type Verdicts = readonly [
  query: string,
  ab: number | undefined,
  ba: number | undefined,
  trial?: number,
  asked?: number,
];

async function summary(pairs: readonly Verdicts[]): Promise<PairSummary> {
  const folder = await tempFolder();
  const writer = await GradeWriter.open(join(folder, "run"), HEAD, owner());
  for (const [query, ab, ba, trial = 0, asked = 1] of pairs) {
    for (const [order, preference] of [
      ["ab", ab],
      ["ba", ba],
    ] as [PairOrder, number | undefined][]) {
      // biome-ignore format: one line
      const slot = { query, condition: "rag@3", trial, repeat: 0, order };
      const line: GradedLine =
        preference === undefined
          ? { kind: "judge-failure", ...slot, code: "E_VERDICT_PROSE", message: "m", asked: 2 }
          : { kind: "grade", ...slot, scores: { preference }, reason: "", asked };
      await writer.append(line);
    }
  }
  await writer.close();
  const { conditions } = await summarisePairs(writer.path, { level: 0.95, rng: seeded("0") });
  return conditions[0]!;
}

const mean = (estimate: Estimate): number => {
  if (estimate.state !== "estimated") throw new Error(estimate.reason);
  return estimate.mean;
};

describe("summarisePairs", () => {
  it("counts wins of both orders, takes what changes with the order as a tie, and leaves out what lacks a verdict, by hand", async () => {
    const found = await summary([
      ["q1", 1, 0], // the first run's answer wins in either place
      ["q2", 0, 1], // and loses in either place
      ["q3", 1, 1], // whoever stands first wins
      ["q4", 0.5, 0.5],
      ["q5", 1, 0.5], // a win and a tie
      ["q6", 1, undefined],
      ["q7", undefined, undefined],
      ["q8", 0.5, 0.5, 0, 0], // equal texts: nobody was asked
    ]);
    expect(found).toMatchObject({ condition: "rag@3", pairs: 6, undecided: 2 });
    expect([found.win, found.tie, found.loss].map(mean)).toEqual([1 / 6, 4 / 6, 1 / 6]);
    expect(mean(found.preference)).toBeCloseTo(0.5, 12);
    // Of the five that were asked about, q3 and q5 change. Of seven verdicts that are no tie, five are for the first shown.
    expect(mean(found.position.changed)).toBeCloseTo(2 / 5, 12);
    expect(mean(found.position.first)).toBeCloseTo(5 / 7, 12);
  });

  it("clusters by question where questions have several trials", async () => {
    const twice = await summary(
      Array.from({ length: 60 }, (_, i): Verdicts => [`q${i >> 1}`, i % 4 < 2 ? 1 : 0, i % 4 < 2 ? 0 : 1, i % 2]),
    );
    const once = await summary(
      Array.from({ length: 60 }, (_, i): Verdicts => [`q${i}`, i % 4 < 2 ? 1 : 0, i % 4 < 2 ? 0 : 1]),
    );
    const width = ({ win }: PairSummary): number => (win.state === "estimated" ? win.high - win.low : 0);
    expect([mean(twice.win), mean(once.win)]).toEqual([0.5, 0.5]);
    expect((twice.win as { method: string }).method).toBe("wilson-clustered");
    expect(width(twice)).toBeGreaterThan(1.25 * width(once));
  });

  it("is the mirror image when the runs change places", async () => {
    const verdict = fc.constantFrom(0, 0.5, 1);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(verdict, verdict), { minLength: 2, maxLength: 8 }), async (pairs) => {
        const there = await summary(pairs.map(([ab, ba], i): Verdicts => [`q${i}`, ab, ba]));
        const back = await summary(pairs.map(([ab, ba], i): Verdicts => [`q${i}`, ba, ab]));
        expect([mean(there.win), mean(there.tie)]).toEqual([mean(back.loss), mean(back.tie)]);
        expect(mean(there.preference)).toBeCloseTo(1 - mean(back.preference), 12);
        expect(there.position.changed).toEqual(back.position.changed);
        expect(mean(there.win) + mean(there.tie) + mean(there.loss)).toBeCloseTo(1, 12);
      }),
      { numRuns: 25 },
    );
  });

  it("has no figure of one pair, and says so", async () => {
    const found = await summary([["q1", 1, 0]]);
    expect(found.win.state).toBe("not-estimable");
    expect(found.preference.state).toBe("not-estimable");
  });
});
