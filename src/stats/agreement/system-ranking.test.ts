import { describe, expect, it } from "vitest";
import { BadArgument } from "../../core/errors.ts";
import { type Rng, seeded } from "../../core/rng.ts";
import { gauss } from "../testing/populations.ts";
import { type GradedAnswers, systemRanking } from "./system-ranking.ts";

interface Answers {
  system: number[];
  question: number[];
  judge: number[];
  people: number[];
}

/** Systems of given quality; the judge sees it through noise, and with its own favour for some. */
function simulate(quality: readonly number[], favour: readonly number[], questions: number, rng: Rng): GradedAnswers {
  const answers: Answers = { system: [], question: [], judge: [], people: [] };
  for (let q = 0; q < questions; q++) {
    const ease = gauss(rng);
    quality.forEach((level, s) => {
      const people = level + ease + gauss(rng);
      answers.system.push(s);
      answers.question.push(q);
      answers.people.push(people);
      answers.judge.push(people + favour[s]! + 0.5 * gauss(rng));
    });
  }
  return answers;
}

describe("systemRanking", () => {
  it("is worked by hand: three systems, the judge swaps the last two", () => {
    const found = systemRanking(
      {
        system: [0, 1, 2, 0, 1, 2],
        question: [7, 7, 7, 8, 8, 8],
        judge: [3, 0, 1, 3, 1, 2],
        people: [3, 2, 1, 3, 2, 1],
      },
      3,
      { resamples: 99, rng: seeded(0) },
    );
    expect(found.means).toEqual([
      { judge: 3, people: 3, answers: 2 },
      { judge: 0.5, people: 2, answers: 2 },
      { judge: 1.5, people: 1, answers: 2 },
    ]);
    expect(found.tau.coefficient).toMatchObject({ value: expect.closeTo(1 / 3, 12), n: 3 });
    expect(found.swapped.coefficient).toMatchObject({ value: expect.closeTo(1 / 3, 12), n: 3 });
    expect(found.pairs[0]).toEqual({ systems: [1, 2], people: 1, judge: -1, swapped: 1 });
    // Either question alone ranks alike: nothing says how far another might.
    expect(found.tau.interval).toMatchObject({ state: "not-estimable", reason: expect.stringContaining("same value") });
  });

  it("ranks alike where the judge is fair and systems are far apart; names the system that the judge favours", () => {
    const quality = [0, 0.6, 1.2, 1.8];
    const fair = systemRanking(simulate(quality, [0, 0, 0, 0], 200, seeded(1)), 4, { rng: seeded(2) });
    expect(fair.tau.coefficient).toMatchObject({ value: 1 });
    expect(fair.swapped.coefficient).toMatchObject({ value: 0 });
    const partial = systemRanking(simulate(quality, [2, 0, 0, 0], 200, seeded(1)), 4, { rng: seeded(2) });
    expect(partial.tau.coefficient).toMatchObject({ value: 0 });
    const swapped = partial.pairs.filter((pair) => pair.swapped > 0.5);
    expect(swapped.map(({ systems }) => systems)).toEqual(
      expect.arrayContaining([
        [1, 0],
        [2, 0],
        [3, 0],
      ]),
    );
    expect(swapped).toHaveLength(3);
  });

  it("is surer of pairs that are far apart than of pairs that are close", () => {
    const { pairs } = systemRanking(simulate([0, 0.05, 1.5], [0, 0, 0], 60, seeded(3)), 3, { rng: seeded(4) });
    const of = (a: number, b: number) => pairs.find(({ systems }) => systems.includes(a) && systems.includes(b))!;
    expect(of(0, 1).swapped).toBeGreaterThan(of(0, 2).swapped);
    expect(of(0, 2).swapped).toBeLessThan(0.02);
    expect(pairs.map(({ swapped }) => swapped)).toEqual(pairs.map(({ swapped }) => swapped).sort((a, b) => b - a));
  });

  it("gives intervals that hold τ and the swapped share of all questions", () => {
    const quality = Array.from({ length: 8 }, (_, s) => 0.12 * s);
    const favour = [0.3, 0, -0.2, 0, 0.25, 0, -0.3, 0];
    const truth = systemRanking(simulate(quality, favour, 5000, seeded("all")), 8, { resamples: 99, rng: seeded(0) });
    const value = (side: "tau" | "swapped") => (truth[side].coefficient as { value: number }).value;
    const hits = { tau: 0, swapped: 0 };
    for (let r = 0; r < 100; r++) {
      const answers = simulate(quality, favour, 100, seeded(`some/${r}`));
      const found = systemRanking(answers, 8, { resamples: 200, rng: seeded(r) });
      for (const side of ["tau", "swapped"] as const) {
        const { interval } = found[side];
        if (interval.state === "estimated" && interval.low <= value(side) && value(side) <= interval.high)
          hits[side] += 1;
      }
    }
    if (process.env.SHOW_COVERAGE) console.log(hits);
    for (const share of [hits.tau / 100, hits.swapped / 100]) expect(share).toBeGreaterThan(0.94);
  });

  it("counts a pair that the judge leaves tied as half swapped, and one that people leave tied not at all", () => {
    const found = systemRanking(
      {
        system: [0, 1, 2, 0, 1, 2],
        question: [1, 1, 1, 2, 2, 2],
        judge: [1, 1, 0, 1, 1, 0],
        people: [2, 1, 1, 2, 1, 1],
      },
      3,
      { resamples: 99, rng: seeded(0) },
    );
    // 0 above 1 (tied by the judge: ½), 0 above 2 (found: 0), 1 and 2 tied by people.
    expect(found.swapped.coefficient).toMatchObject({ value: 0.25, n: 2 });
  });

  it("has no value where a side ranks nothing", () => {
    const found = systemRanking({ system: [0, 1], question: [1, 2], judge: [1, 2], people: [1, 1] }, 2, {
      rng: seeded(0),
    });
    expect(found.tau.coefficient).toMatchObject({ state: "not-estimable" });
    expect(found.swapped.coefficient).toMatchObject({
      state: "not-estimable",
      reason: "people tell no two systems apart",
    });
  });

  it.each([
    ["a system without answers", { system: [0, 0], question: [1, 2], judge: [1, 2], people: [1, 1] }],
    ["a system beyond the count", { system: [0, 5], question: [1, 2], judge: [1, 2], people: [1, 1] }],
    ["arrays of different length", { system: [0, 1], question: [1, 2], judge: [1], people: [1, 1] }],
    ["NaN", { system: [0, 1], question: [1, 2], judge: [1, Number.NaN], people: [1, 1] }],
    ["no answers", { system: [], question: [], judge: [], people: [] }],
  ])("refuses %s", (_, answers) => {
    expect(() => systemRanking(answers, 2, { rng: seeded(0) })).toThrow(BadArgument);
  });
});
