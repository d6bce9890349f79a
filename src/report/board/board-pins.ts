import { formatP } from "../cells/cell-view.ts";
import type { MetricHead, PairDifference, TablePart } from "../summary-types.ts";
import { formatValue } from "../text/format-number.ts";

/** What a cell shows beside a pinned row: the difference, its interval, a word, and what stands behind that. */
export type AgainstCell = readonly [
  difference: string,
  interval: string,
  word: "better" | "worse" | "≈ pinned",
  says: string,
];

/** The other rows of a table against a pinned one, in a piece that is loaded when somebody pins it. */
export interface PinPiece {
  readonly name: string;
  /** By row, as its place in the table: the cells in the order of the metrics, null where nothing was compared. */
  readonly rows: () => (readonly [at: number, cells: readonly (AgainstCell | null)[]])[];
}

/** A piece per row of the table; none where no two rows are compared. @param key of the table in the page */
export function pinPieces({ metrics, rows, pairs = [] }: TablePart, key: string): PinPiece[] {
  if (pairs.every((column) => column.length === 0)) return [];
  const against = pairs.map(byPinned);
  return rows.map((_, pinned) => ({
    name: `pin-${key}-${pinned}`,
    rows: () =>
      rows.flatMap((_, at) => {
        if (at === pinned) return [];
        const cells = metrics.map((metric, column) => {
          const pair = against[column]!.get(pinned)?.get(at);
          return pair === undefined ? null : cellOf(pair, pair.a === at ? 1 : -1, metric);
        });
        return [[at, cells] as const];
      }),
  }));
}

function byPinned(pairs: readonly PairDifference[]): Map<number, Map<number, PairDifference>> {
  const found = new Map<number, Map<number, PairDifference>>();
  for (const pair of pairs) {
    if (Number.isNaN(pair.difference)) continue;
    for (const [pinned, other] of [[pair.a, pair.b] as const, [pair.b, pair.a] as const])
      found.set(pinned, (found.get(pinned) ?? new Map<number, PairDifference>()).set(other, pair));
  }
  return found;
}

/** @param sign 1 where the pair is of the row less the pinned one, -1 where it is the other way round */
function cellOf(
  { difference, interval, pHolm, apart }: PairDifference,
  sign: 1 | -1,
  { range, better }: MetricHead,
): AgainstCell {
  const width = range && ([range[0] - range[1], range[1] - range[0]] as const);
  const value = sign * difference;
  const ends = interval && [sign * interval[0], sign * interval[1]].sort((a, b) => a - b);
  const word = !apart ? "≈ pinned" : value > 0 === (better === "higher") ? "better" : "worse";
  return [
    `${value > 0 ? "+" : ""}${formatValue(value + 0, width)}`,
    ends ? `[${ends.map((end) => formatValue(end + 0, width)).join(", ")}]` : "",
    word,
    `${apart ? "told apart from the pinned row" : "cannot be told apart from the pinned row"}, p with Holm ${formatP(pHolm)}`,
  ];
}
