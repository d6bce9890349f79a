import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { type Arrival, tellTruncation } from "./truncation.ts";

/** Prompts of a server that reads at most `window` tokens; it counts `rate` of its tokens for each of ours, about. */
function arrivals(lengths: readonly number[], { window, rate, questions = 20, noise = 0.04, frame = 60 }: Served) {
  const rng = seeded(`${window} ${rate}`);
  const one = (question: number, condition: string, sent: number): Arrival => {
    const whole = Math.round(frame + sent * rate * (1 + noise * (2 * rng.float() - 1)));
    return { question: `q${question}`, condition, sent, counted: Math.min(window, whole) };
  };
  return Array.from({ length: questions }, (_, q) => [
    one(q, "oracle", 80 + q),
    ...lengths.map((length) => one(q, `first@${length}`, length)),
  ]).flat();
}

interface Served {
  readonly window: number;
  readonly rate: number;
  readonly questions?: number;
  readonly noise?: number;
  readonly frame?: number;
}

const truncated = (list: readonly Arrival[], how: "estimated" | "counted" = "estimated") =>
  Array.from(tellTruncation(list, "oracle", how), ([condition, found]) => [condition, found.truncated]);

describe("tellTruncation", () => {
  it("names the lengths that a window of 4,096 tokens cuts, and no other", () => {
    const list = arrivals([2000, 8000, 32_000], { window: 4096, rate: 0.9 });
    expect(truncated(list)).toEqual([
      ["first@2000", 0],
      ["first@8000", 20],
      ["first@32000", 20],
    ]);
  });

  it("sees no cut where all arrives, whatever the server's tokens are, with frames of any length", () => {
    const served = fc.record({
      rate: fc.double({ min: 0.65, max: 4, noNaN: true }),
      frame: fc.integer({ min: 0, max: 500 }),
    });
    fc.assert(
      fc.property(served, ({ rate, frame }) => {
        const list = arrivals([1000, 2000, 8000], { window: 1e9, rate, frame });
        expect(truncated(list).every(([, n]) => n === 0)).toBe(true);
      }),
    );
  });

  it("sees every cut of a quarter and more where another length arrives whole", () => {
    const served = fc.record({
      rate: fc.double({ min: 0.7, max: 3, noNaN: true }),
      share: fc.double({ min: 0.1, max: 0.75, noNaN: true }),
    });
    fc.assert(
      fc.property(served, ({ rate, share }) => {
        const list = arrivals([500, 8000], { window: Math.max(600 * rate + 60, 8000 * rate * share), rate });
        expect(truncated(list)).toEqual([
          ["first@500", 0],
          ["first@8000", 20],
        ]);
      }),
    );
  });

  it("sees a cut that all lengths suffer: a large one by any count, a smaller one by the model's tokenizer", () => {
    expect(truncated(arrivals([2000, 4000], { window: 500, rate: 1 }))).toEqual([
      ["first@2000", 20],
      ["first@4000", 20],
    ]);
    const slight = arrivals([2000], { window: 1500, rate: 1, noise: 0 });
    expect(truncated(slight)).toEqual([["first@2000", 0]]);
    expect(truncated(slight, "counted")).toEqual([["first@2000", 20]]);
  });

  it("calls prompts without a count unknown, not whole", () => {
    const list = arrivals([2000], { window: 4096, rate: 1 }).map((each) => ({ ...each, counted: undefined }));
    expect(tellTruncation(list, "oracle", "estimated").get("first@2000")).toEqual({
      prompts: 20,
      truncated: 0,
      unknown: 20,
    });
  });
});
