import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyzer } from "../../search/analyzer.ts";
import { fitReader, type ReaderSample } from "./fit-reader.ts";
import { read } from "./read.ts";
import type { TermStatistics } from "./terms.ts";

const EQUAL: TermStatistics = { analyze: analyzer({ stopWords: "none", stemmer: "none" }), idf: () => 1 };
const SETTINGS = { sentences: 1, trim: false };
const WORDS = "alpha beta gamma delta epsilon zeta theta iota kappa lambda".split(" ");

/** A question of ten words of which a passage has `shared`: support is shared / 10. */
function sample(shared: number, answerable: boolean): ReaderSample {
  const text = `${WORDS.slice(0, shared).join(" ")} filler`;
  return {
    request: {
      query: { id: "q", text: WORDS.join(" ") },
      passages: [{ id: "p", document: "d", text }],
      condition: "oracle",
      trial: 0,
    },
    references: answerable ? [text] : [],
    answerable,
  };
}
async function* stream(samples: readonly ReaderSample[]): AsyncGenerator<ReaderSample> {
  yield* samples;
}
/** The no-answer rule with exact match. */
const score = (answer: string | undefined, { references, answerable }: ReaderSample): number =>
  answer === undefined ? (answerable ? 0 : 1) : references.includes(answer) ? 1 : 0;
const fitted = (samples: readonly ReaderSample[]) =>
  fitReader(stream(samples), { settings: SETTINGS, statistics: EQUAL, score });

describe("fitReader", () => {
  it("finds the threshold that parts answerable from unanswerable", async () => {
    const samples = [sample(2, false), sample(3, false), sample(7, true), sample(8, true)];
    const { declineBelow, ...rest } = await fitted(samples);
    expect(declineBelow).toBeGreaterThan(0.3);
    expect(declineBelow).toBeLessThanOrEqual(0.7);
    expect(rest).toEqual({ mean: 1, meanWithout: 0.5, looked: 5, n: 4 });
  });

  it("writes the threshold with as few digits as tell it apart", async () => {
    expect((await fitted([sample(3, false), sample(9, true)])).declineBelow).toBe(0.4);
  });

  it("keeps 0 where a threshold does not help", async () => {
    expect(await fitted([sample(2, true), sample(9, false)])).toMatchObject({
      declineBelow: 0,
      mean: 0.5,
      meanWithout: 0.5,
    });
  });

  it("takes the lowest of equally good thresholds", async () => {
    const { declineBelow } = await fitted([sample(2, false), sample(4, true), sample(6, false), sample(9, true)]);
    expect(declineBelow).toBeLessThanOrEqual(0.4);
  });

  it("its mean is what reading with its threshold gives, and no threshold gives more", async () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 10 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 15 }), async (rows) => {
        const samples = rows.map(([shared, answerable]) => sample(shared, answerable));
        const meanAt = (declineBelow: number): number => {
          const values = samples.map((s) => {
            const reading = read(s.request, { ...SETTINGS, declineBelow }, EQUAL);
            return score(reading.refused ? undefined : reading.text, s);
          });
          return values.reduce((a, b) => a + b, 0) / values.length;
        };
        const result = await fitted(samples);
        expect(result.mean).toBeCloseTo(meanAt(result.declineBelow), 12);
        for (let t = 0; t <= 20; t += 1) expect(meanAt(t / 20)).toBeLessThanOrEqual(result.mean + 1e-12);
        expect(result.meanWithout).toBeCloseTo(meanAt(0), 12);
      }),
      { numRuns: 60 },
    );
  });

  it("needs a sample", async () => {
    await expect(fitted([])).rejects.toMatchObject({ code: "E_ARGUMENT" });
  });
});
