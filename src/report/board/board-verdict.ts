import type { Row, TablePart } from "../summary-types.ts";
import { formatCount } from "../text/format-number.ts";

/** What a reader looks for first: which row is best by the first metric, and of how many others that is not sure. */
export interface BoardVerdict {
  readonly metric: string;
  /** The best row, or how many share the best mean. */
  readonly who: string;
  readonly says: string;
}

/** @returns undefined where the first metric ranks nothing, or there is nothing to compare */
export function boardVerdict({ metrics, rows }: TablePart, nameOf: (row: Row) => string): BoardVerdict | undefined {
  const kinds = rows.map(({ cells }) => cells[0]?.standing.kind);
  const best = rows.filter((_, at) => kinds[at] === "best");
  const [tied, behind] = (["tied", "behind"] as const).map((kind) => kinds.filter((each) => each === kind).length);
  const others = tied! + behind!;
  if (best.length === 0 || best.length + others < 2) return undefined;
  return {
    metric: metrics[0]!.name,
    who: best.length === 1 ? nameOf(best[0]!) : `${formatCount(best.length)} rows`,
    says: `${best.length === 1 ? "has" : "share"} the best mean${others === 0 ? "." : `; ${doubt(tied!, others)}`}`,
  };
}

function doubt(tied: number, others: number): string {
  if (others === 1) return `the other row ${tied === 0 ? "is told apart from it." : "cannot be told apart from it."}`;
  if (tied === 0) return `all ${formatCount(others)} others are told apart from it.`;
  const some =
    tied === others
      ? `none of the ${formatCount(others)} others can`
      : `${formatCount(tied)} of the ${formatCount(others)} others cannot`;
  return `${some} be told apart from it.`;
}
