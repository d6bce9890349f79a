import type { PinPiece } from "./board-pins.ts";
import type { boardView } from "./board-view.ts";

type View = ReturnType<typeof boardView>;
type Rows = View["suites"][number]["tables"][number]["parts"][number]["rows"];

/** Rows of one table that stand in a piece of their own. */
export interface RowsPiece {
  readonly name: string;
  readonly rows: Rows;
}

/** A table of up to as many rows is in the page as a whole; of a longer one the first, so that the page stays light. */
const WHOLE = 40;
const FIRST = 10;

/** The leaderboard with the first rows of long tables, and the others in pieces that its script loads. */
export function cutRows(view: View): {
  readonly view: View;
  readonly pieces: readonly RowsPiece[];
  readonly pins: readonly PinPiece[];
} {
  const pieces: RowsPiece[] = [];
  const suites = view.suites.map((suite) => ({
    ...suite,
    tables: suite.tables.map((table) => ({
      ...table,
      parts: table.parts.map((part) => {
        if (part.rows.length <= WHOLE) return part;
        const rows = part.rows.slice(FIRST);
        const name = `rows${pieces.length}`;
        pieces.push({ name, rows });
        return { ...part, rows: part.rows.slice(0, FIRST), later: rows.length, laterPiece: name };
      }),
    })),
  }));
  const pins = view.suites.flatMap(({ tables }) => tables.flatMap(({ parts }) => parts.flatMap((part) => part.pins)));
  return { view: { ...view, suites }, pieces, pins };
}
