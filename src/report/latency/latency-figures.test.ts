import { describe, expect, it } from "vitest";
import type { LatencyPass } from "../../runlog/index.ts";
import { latencyFigures, percentilesOf } from "./latency-figures.ts";
import {
  describePass,
  formatLatency,
  formatPercentile,
  formatRate,
  formatThroughput,
  latencyNotes,
  sameEverywhere,
} from "./latency-text.ts";

const upTo = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i + 1);
const PASS: LatencyPass = {
  head: {
    kind: "latency",
    schema: 1,
    run: "r",
    log: "0".repeat(64),
    queries: 100,
    k: 10,
    warmup: 100,
    batch: 32,
    code: { version: "0.1.0" },
    machine: { platform: "linux", arch: "x64", cpus: 2, node: "v20.20.2" },
    startedAt: "2026-03-02T11:00:00.000Z",
  },
  ms: upTo(100),
  stages: new Map([
    ["encode", upTo(100).map((x) => x / 2)],
    ["search", upTo(100).map((x) => x / 4)],
  ]),
  notMeasured: 2,
  failures: 1,
  compared: 100,
  different: 3,
  throughput: [
    {
      kind: "throughput",
      workers: 0,
      source: "measured",
      rounds: [
        [100, 50],
        [100, 100],
        [100, 40],
      ],
      compared: 100,
      different: 0,
    },
    { kind: "throughput", workers: 1, source: "cached", rounds: [[100, 50]], compared: 100, different: 0 },
    { kind: "throughput", workers: 2, source: "measured", rounds: [[100, 0]], compared: 100, different: 7 },
    { kind: "no-throughput", workers: 4, reason: "no \u202e index" },
  ],
};

describe("percentilesOf", () => {
  it("of 1 to 100 are type 7's, between the order statistics of the binomial interval", () => {
    // The median's ranks 40 and 61 are in any table of the sign test. P(Bin(100, .95) ≥ 99) = .037, ≥ 100 = .006;
    // P(Bin(100, .99) < 97) = .018, < 98 = .079, and no value of 100 bounds p99 from above.
    expect(percentilesOf(upTo(100).toReversed(), 0.95)).toEqual([
      { p: 0.5, value: 50.5, low: 40, high: 61 },
      { p: 0.95, value: 95.05, low: 90, high: 100 },
      { p: 0.99, value: 99.01, low: 97 },
    ]);
  });

  it("of nothing are none, and of one value have no interval", () => {
    expect(percentilesOf(new Float64Array(), 0.95)).toEqual([]);
    expect(percentilesOf(upTo(1), 0.95)[0]).toEqual({ p: 0.5, value: 1 });
  });

  it("scale with the unit and do not depend on the order", () => {
    const values = Float64Array.from({ length: 57 }, (_, i) => (i * 31) % 57);
    const once = percentilesOf(values, 0.95);
    const thousand = percentilesOf(
      values.toReversed().map((x) => 1000 * x),
      0.95,
    );
    expect(thousand.map(({ value }) => value)).toEqual(once.map(({ value }) => 1000 * value));
    expect(thousand[0]!.low).toBe(1000 * once[0]!.low!);
  });
});

describe("latencyFigures", () => {
  const figures = latencyFigures(PASS, 0.95);

  it("gives the whole first, then the stages in their order", () => {
    expect(figures.parts.map(({ of, n, percentiles }) => [of, n, percentiles[0]!.value])).toEqual([
      ["retrieval", 100, 50.5],
      ["encode", 100, 25.25],
      ["search", 100, 12.625],
    ]);
  });

  it("gives throughput as the median round with the slowest and the fastest, and none where nothing was measured", () => {
    expect(figures.throughput).toEqual([
      {
        state: "measured",
        workers: 0,
        perSecond: 2000,
        least: 1000,
        most: 2500,
        rounds: 3,
        compared: 100,
        different: 0,
      },
      { state: "none", workers: 1, reason: "cached, so not measured" },
      { state: "none", workers: 2, reason: "the clock did not move" },
      { state: "none", workers: 4, reason: "no \u202e index" },
    ]);
  });

  it("goes through JSON unchanged", () => {
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
  });

  it("says how it was made and all that stands against it", () => {
    expect(describePass(figures)).toBe(
      "10 passages asked for, one question at a time after 100 to warm up; 95\u00a0% intervals by order statistics; linux x64, 2 processors, Node v20.20.2; 2026-03-02",
    );
    expect(latencyNotes(figures)).toEqual([
      "questions that failed and have no latency: 1",
      "searches that came from a cache and are in no figure: 2",
      "3 of 100 rankings were not those of the run's log",
      "1 thread: cached, so not measured",
      "2 threads: the clock did not move",
      "4 threads: no \\u202e index",
    ]);
    expect(sameEverywhere(figures)).toBe(false);
    expect(sameEverywhere({ ...figures, different: 0 })).toBe(true);
    expect(sameEverywhere({ ...figures, different: 0, compared: 0 })).toBe(false);
  });
});

it.each([
  [0, "0 µs"],
  [0.0523, "52 µs"],
  [0.9994, "999 µs"],
  [0.9996, "1.0 ms"],
  [312, "312 ms"],
])("formatLatency prints %d ms as %s", (ms, expected) => {
  expect(formatLatency(ms)).toBe(expected);
});

it.each([
  [1.234, "1.23"],
  [12.34, "12.3"],
  [99.96, "100"],
  [12_345.6, "12\u202f346"],
])("formatRate prints %d as %s", (rate, expected) => {
  expect(formatRate(rate)).toBe(expected);
});

it("prints an end that the sample is too small for, and a figure that is not there, as a dash", () => {
  expect(formatPercentile({ p: 0.99, value: 20, low: 3.2 })).toBe("20 ms [3.2 ms, —]");
  expect(formatPercentile(undefined)).toBe("—");
  expect(formatThroughput({ state: "none", workers: 1, reason: "x" })).toBe("—");
});
