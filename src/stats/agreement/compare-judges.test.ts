import { describe, expect, it } from "vitest";
import { BadArgument } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import { hasShared } from "../../lib/testing/shared.ts";
import { kappaOf } from "./cohen-kappa.ts";
import { type ComparedJudge, compareJudges } from "./compare-judges.ts";
import { krippendorffAlpha } from "./krippendorff-alpha.ts";
import { llmjudgeColumns } from "./testing/agreement-reference.ts";

/** Judges that copy people with these probabilities and else guess. */
function simulate(items: number, skills: readonly number[], seed: string) {
  const rng = seeded(seed);
  const people = Array.from({ length: items }, () => rng.below(4));
  const judges = new Map(
    skills.map((skill, j) => [`judge ${j}`, people.map((grade) => (rng.float() < skill ? grade : rng.below(4)))]),
  );
  return { people, judges };
}

describe("compareJudges", () => {
  it("ranks judges best first and tells those apart that are", () => {
    const { people, judges } = simulate(500, [0.3, 0.8, 0.8], "b");
    const found = compareJudges(people, judges, { agreement: kappaOf, rng: seeded(0) });
    expect(found.map(({ judge }) => judge).at(-1)).toBe("judge 0");
    expect(found.map(({ verdict }) => verdict)).toEqual(["best", "cannot-tell", "behind"]);
    expect(found[0]!.behind).toBeUndefined();
    expect(found[2]!.p).toBeLessThan(1e-6);
    const value = ({ coefficient }: Pick<ComparedJudge, "coefficient">) => (coefficient as { value: number }).value;
    expect(value(found[2]!.behind!)).toBeCloseTo(value(found[0]!) - value(found[2]!), 12);
  });

  it("seldom tells judges apart that are equal: all verdicts together err in about one of twenty sets", () => {
    let wrong = 0;
    for (let r = 0; r < 100; r++) {
      const { people, judges } = simulate(100, [0.6, 0.6, 0.6, 0.6], `equal/${r}`);
      const found = compareJudges(people, judges, { agreement: kappaOf, resamples: 150, rng: seeded(r) });
      if (found.some(({ verdict }) => verdict === "behind")) wrong += 1;
    }
    if (process.env.SHOW_COVERAGE) console.log(wrong);
    // The best of four is chosen by the same data, which makes more differences look real than .05.
    expect(wrong).toBeLessThanOrEqual(14);
  });

  it("puts a judge without a value last, without a difference", () => {
    const { people, judges } = simulate(100, [0.7], "none");
    const silent = new Array<number | undefined>(100).fill(undefined);
    const found = compareJudges(people, new Map([["silent", silent], ...judges]), {
      agreement: kappaOf,
      rng: seeded(0),
    });
    expect(found.map(({ judge }) => judge)).toEqual(["judge 0", "silent"]);
    expect(found[1]).toMatchObject({ verdict: "cannot-tell", coefficient: { state: "not-estimable" } });
    expect(found[1]!.behind).toBeUndefined();
  });

  it("takes one judge, and refuses none", () => {
    const { people, judges } = simulate(50, [0.7], "one");
    expect(compareJudges(people, judges, { agreement: kappaOf, rng: seeded(0) })).toMatchObject([{ verdict: "best" }]);
    expect(() => compareJudges(people, new Map(), { agreement: kappaOf, rng: seeded(0) })).toThrow(BadArgument);
  });

  it.skipIf(!hasShared)("orders three judges of llmjudge-2024 as published, by question", () => {
    const files = ["h2oloo-fewself", "RMITIR-llama70B", "willia-umbrela1"];
    const [people, ...grades] = llmjudgeColumns(
      "llmjudge_test_qrel_idx.txt",
      ...files.map((file) => `scores/${file}.txt`),
    );
    const clusters = people!.map((_, i) => Math.floor(i / 177));
    const found = compareJudges(people!, new Map(files.map((file, j) => [file, grades[j]!])), {
      scale: [0, 1, 2, 3],
      agreement: (pair) => krippendorffAlpha(pair, "ordinal"),
      clusters,
      rng: seeded(0),
    });
    expect(found.map(({ judge }) => judge)).toEqual(["h2oloo-fewself", "willia-umbrela1", "RMITIR-llama70B"]);
    for (const { interval } of found) expect(interval).toMatchObject({ method: "jackknife-t-clustered", units: 25 });
  });
});
