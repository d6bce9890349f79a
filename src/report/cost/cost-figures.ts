import { CELL, type ScoreColumn, type ScoreGroup, type Scores } from "../../runlog/index.ts";
import { type Interval, ratioInterval } from "../../stats/index.ts";
import { metricHead } from "../metric-head.ts";

/** US dollars of one thing, with its interval where it can be estimated. */
export interface CostRate {
  readonly usd: number;
  readonly interval?: Interval;
}

/** What the answers of one condition cost. Every figure is of answers whose cost is known; the others are counted. */
export interface CostFigures {
  /** Answers whose cost is known. */
  readonly known: number;
  /** Answers and failures that cost something nobody knows. */
  readonly unknown: number;
  /** Answers from a cache or a replayed file: this run did not pay for them. */
  readonly free: number;
  /** US dollars of all known answers. */
  readonly usd: number;
  /** US dollars per 1,000 questions, each asked once; absent where nothing is known. */
  readonly per1000?: CostRate;
  /** US dollars per right answer, by each metric that is 0 or 1; over questions it has a value for. */
  readonly perRight: readonly (CostRate & { readonly metric: string; readonly right: number; readonly n: number })[];
  /** Whether retrieval asks models behind endpoints too, whose calls are not counted. */
  readonly modelsInRetrieval: boolean;
  /** The day of the price that the costs were computed with. */
  readonly priceOn?: string;
}

/** @returns undefined where neither a price nor a cost is known */
export function costFigures(scores: Scores, group: ScoreGroup, level: number): CostFigures | undefined {
  const { cost } = group;
  if (cost === undefined) return undefined;
  const count = (state: number): number => cost.states.reduce((n, cell) => (cell === state ? n + 1 : n), 0);
  const asked = paired(scores, group, cost, () => 1);
  const on = (scores.manifest.price as { on?: unknown } | undefined)?.on;
  return {
    known: count(CELL.scored),
    unknown: count(CELL.unscored),
    free: count(CELL.notApplicable),
    usd: cost.values.reduce((sum, usd) => sum + usd, 0),
    ...(asked.x.length > 0 && { per1000: thousand(rate(asked, level)) }),
    perRight: Array.from(group.metrics).flatMap(([metric, column]) => {
      const { proportion, group: kind, better } = metricHead(metric);
      if (!proportion || kind !== "reference" || better !== "higher") return [];
      const found = paired(scores, group, cost, (cell) =>
        column.states[cell] === CELL.scored ? column.values[cell] : undefined,
      );
      const right = found.y.reduce((sum, y) => sum + y, 0);
      return right > 0 ? { metric, right, n: found.y.length, ...rate(found, level) } : [];
    }),
    modelsInRetrieval: asksModels((scores.manifest.system.config as { retriever?: unknown } | null)?.retriever),
    ...(typeof on === "string" && { priceOn: on }),
  };
}

/** Whether any part of a retriever is a model behind an endpoint: a rewriter, an encoder. */
function asksModels(part: unknown): boolean {
  if (part === null || typeof part !== "object") return false;
  return (part as { kind?: unknown }).kind === "openai" || Object.values(part).some(asksModels);
}

interface Paired {
  /** Dollars and what they bought, per question, over its trials that have both. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly clusters?: Uint32Array;
}

function paired(
  { queries, clusters }: Scores,
  { trials }: ScoreGroup,
  cost: ScoreColumn,
  bought: (cell: number) => number | undefined,
): Paired {
  const x: number[] = [];
  const y: number[] = [];
  const of: number[] = [];
  for (let query = 0; query < queries.length; query += 1) {
    let [usd, got, n] = [0, 0, 0];
    for (let cell = query * trials; cell < (query + 1) * trials; cell += 1) {
      const value = bought(cell);
      if (cost.states[cell] !== CELL.scored || value === undefined) continue;
      usd += cost.values[cell]!;
      got += value;
      n += 1;
    }
    if (n === 0) continue;
    x.push(usd);
    y.push(got);
    of.push(clusters?.[query] ?? 0);
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y), ...(clusters && { clusters: Uint32Array.from(of) }) };
}

function rate({ x, y, clusters }: Paired, level: number): CostRate {
  const [above, below] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0)) as [number, number];
  const interval = ratioInterval(x, y, level, clusters);
  return { usd: above / below, ...(interval && { interval }) };
}

function thousand({ usd, interval }: CostRate): CostRate {
  const times = (x: number): number => 1000 * x;
  return {
    usd: times(usd),
    ...(interval && { interval: { low: times(interval.low), high: times(interval.high) } }),
  };
}
