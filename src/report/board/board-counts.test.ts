import { describe, expect, it } from "vitest";
import type { Row } from "../summary-types.ts";
import { moreCounts, optionalColumns } from "./board-counts.ts";

const row = (more: Partial<Row> = {}): Row => ({
  ...({ run: { run: "a", system: { id: "a" } }, cells: [] } as unknown as Row),
  ...{ questions: 9, trials: 1, failed: 0, absent: 0, cached: 0 },
  ...more,
});
const latency = { n: 9, p50: 300, p95: 900 };
const tokens = { prompt: 100, completion: 9, answers: 9 };
const labels = (rows: readonly Row[]): string[] =>
  moreCounts(undefined, optionalColumns(rows)).map(({ label }) => label);

describe("the columns after the metrics", () => {
  it("are only those that some row has a value for, besides unscored, which no number goes without", () => {
    expect(labels([row(), row()])).toEqual(["unscored"]);
    expect(labels([row(), row({ latency })])).toEqual(["unscored", "p50", "p95"]);
    expect(labels([row({ tokens }), row()])).toEqual(["unscored", "tokens"]);
    expect(labels([row({ cost: {} as NonNullable<Row["cost"]> })])).toEqual(["unscored"]);
  });

  it("are the same in every row, with a dash where a row has no value", () => {
    const columns = optionalColumns([row({ latency, tokens }), row()]);
    const shown = moreCounts(row(), columns);
    expect(shown.map(({ label }) => label)).toEqual(["unscored", "p50", "p95", "tokens"]);
    expect(shown.map(({ text }) => text)).toEqual(["0", "—", "—", "—"]);
  });
});
