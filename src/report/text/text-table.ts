import Table from "cli-table3";
import stringWidth from "string-width";

export interface TextColumn {
  readonly head: string;
  readonly align: "left" | "right";
  readonly cells: readonly string[];
}

const GAP = 2;

/**
 * Columns as plain text without borders. Where they do not fit the width, the table is cut into blocks one below the
 * other, each beginning with the key columns, so that no line is broken.
 *
 * @param keys columns that name a row; repeated in every block @param columns the others, in order
 * @param width in terminal cells; one column is printed per block even where it does not fit
 */
export function textTable(keys: readonly TextColumn[], columns: readonly TextColumn[], width: number): string {
  const keyWidth = keys.reduce((sum, column) => sum + widthOf(column) + GAP, 0);
  const blocks: TextColumn[][] = [[]];
  let used = keyWidth;
  for (const column of columns) {
    const needed = widthOf(column) + GAP;
    if (used + needed - GAP > width && blocks.at(-1)!.length > 0) {
      blocks.push([]);
      used = keyWidth;
    }
    blocks.at(-1)!.push(column);
    used += needed;
  }
  return blocks.map((block) => render([...keys, ...block])).join("\n\n");
}

/** Width of a text in terminal cells. */
export function widthOf(column: TextColumn): number {
  return Math.max(stringWidth(column.head), ...column.cells.map((cell) => stringWidth(cell)));
}

/** Prose in lines of at most `width` cells, broken at spaces; a longer word stands on a line of its own. */
export function wrapText(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && stringWidth(last) + 1 + stringWidth(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}

function render(columns: readonly TextColumn[]): string {
  const table = new Table({
    head: columns.map((column) => column.head),
    colAligns: columns.map((column) => column.align),
    chars: NO_BORDER,
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
  });
  const rows = columns[0]?.cells.length ?? 0;
  for (let row = 0; row < rows; row += 1) table.push(columns.map((column) => column.cells[row] ?? ""));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

const NO_BORDER = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};
