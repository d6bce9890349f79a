import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { hasShared } from "../../lib/testing/shared.ts";
import { realPairs } from "../testing/real-pairs.ts";
import {
  flags,
  madePool,
  type Pool,
  quickFlags,
  realPool,
  type SeriesSetting,
  simulateSeries,
} from "./testing/simulated-series.ts";

const SLOW = process.env.PLUMBLINE_SLOW === "1";
const PAGE = new URL("../../../docs/decisions/history-rule.md", import.meta.url);
const ALPHA = 0.05;
const HORIZON = 50;

/** A rate of at most alpha shows as more than this in fewer than 1 of 10,000 simulated shares. */
const atMostAlpha = (series: number) => ALPHA + 3.72 * Math.sqrt((ALPHA * (1 - ALPHA)) / series);

interface Many extends SeriesSetting {
  readonly name: string;
  readonly series: number;
  readonly horizon?: number;
  readonly references?: boolean;
}

function* simulated({ name, series, horizon = HORIZON, references, ...setting }: Many): Generator<number[][]> {
  const rng = seeded(`history/${name}/${setting.questions}/${setting.perDocument ?? 1}`);
  for (let i = 0; i < series; i += 1) yield quickFlags(simulateSeries(setting, rng), horizon, references);
}

/** The share of series with a flag anywhere. */
function anyFlag(many: Many): number {
  let found = 0;
  for (const flagged of simulated(many)) if (flagged.some((metrics) => metrics.length > 0)) found += 1;
  return found / many.series;
}

/**
 * Of series that change once: how many are flagged within three runs, and how many have a flag before it, or a second one on
 * the same metric. That one metric is flagged later than another is no mistake.
 */
function once(many: Many, at: number): { readonly found: number; readonly wrong: number } {
  let [found, wrong] = [0, 0];
  for (const flagged of simulated(many)) {
    const [before, after] = [flagged.slice(0, at).flat(), flagged.slice(at)];
    if (after.slice(0, 3).flat().length > 0) found += 1;
    if (before.length > 0 || new Set(after.flat()).size < after.flat().length) wrong += 1;
  }
  return { found: found / many.series, wrong: wrong / many.series };
}

const drop = (at: number, loss: number) => (run: number) => (run < at ? 0 : -loss);

describe("the quick rule of these simulations", () => {
  it("flags what the walk flags", () => {
    const rng = seeded("history/same");
    for (const [loss, perDocument] of [
      [0, 1],
      [0.1, 1],
      [0.16, 1],
      [0.1, 3],
    ] as const) {
      const series = simulateSeries(
        { pool: madePool(), questions: 150, runs: 6, shift: drop(3, loss), perDocument },
        rng,
      );
      expect(quickFlags(series, 5)).toEqual(flags(series, 5));
    }
  });
});

describe("a series in which nothing changes", () => {
  const pools = (): [name: string, pool: Pool][] => [
    ["made-up answers", madePool()],
    ...(hasShared ? realPairs().map((pairs): [string, Pool] => [pairs.name, realPool(pairs)]) : []),
  ];

  it("has any flag no more often than alpha, over as many runs as share it", () => {
    for (const [name, pool] of pools()) {
      const setting = { name, pool, questions: 71, runs: 11, horizon: 10, series: 150 };
      expect(anyFlag(setting), name).toBeLessThanOrEqual(atMostAlpha(150));
    }
  });

  it.skipIf(!SLOW)(
    "at every size, kind of metric and clustering: the first table of the decision's page",
    { timeout: 3_600_000 },
    () => {
      const rows: string[] = [];
      for (const [name, pool] of pools()) {
        for (const perDocument of [1, 3]) {
          for (const questions of [50, 200]) {
            const rate = anyFlag({ name, pool, questions, perDocument, runs: HORIZON + 1, series: 400 });
            rows.push(
              `| ${name}${perDocument > 1 ? ", by document" : ""} | ${questions} | ${(100 * rate).toFixed(1)} |`,
            );
            expect.soft(rate, rows.at(-1)).toBeLessThanOrEqual(atMostAlpha(400));
          }
        }
      }
      expect(printed(/^\| .+ \| \d+ \| [\d.]+ \|$/)).toEqual(rows);
    },
  );
});

describe("a series that changes", () => {
  it("at once: the change is flagged, and what follows is not", () => {
    const setting = { name: "drop", pool: madePool(), questions: 300, runs: 12, horizon: HORIZON, series: 60 };
    const { found, wrong } = once({ ...setting, shift: drop(5, 0.13) }, 5);
    expect(found).toBeGreaterThan(0.8);
    expect(wrong).toBeLessThanOrEqual(atMostAlpha(60));
  });

  it("in steps too small to be seen is flagged by its reference, where the run before tells nothing", () => {
    const slow = {
      name: "drift",
      pool: madePool(),
      questions: 300,
      runs: 16,
      shift: (run: number) => -0.01 * run,
      series: 60,
    };
    expect(anyFlag(slow)).toBeGreaterThan(0.8);
    expect(anyFlag({ ...slow, references: false })).toBeLessThanOrEqual(atMostAlpha(60));
  });

  it.skipIf(!SLOW)("by every amount: the second table of the decision's page", { timeout: 3_600_000 }, () => {
    const rows = [0.02, 0.05, 0.1, 0.15, 0.2].map((loss) => {
      const setting = { name: `amount/${loss}`, pool: madePool(), questions: 200, series: 200 };
      const { found, wrong } = once({ ...setting, runs: 31, shift: drop(10, loss) }, 10);
      const slow = { ...setting, runs: 21, shift: (run: number) => (-loss * run) / 20 };
      expect.soft(wrong).toBeLessThanOrEqual(atMostAlpha(200));
      const shares = [found, wrong, anyFlag(slow), anyFlag({ ...slow, references: false })];
      return `| ${[loss, ...shares.map((share) => (100 * share).toFixed(1))].join(" | ")} |`;
    });
    expect(printed(/^\| 0\.\d+ \|/)).toEqual(rows);
  });
});

/** The rows of a table of the decision's page. */
function printed(like: RegExp): string[] {
  return readFileSync(PAGE, "utf8")
    .split("\n")
    .filter((line) => like.test(line));
}
