import type { Row, RunHead } from "../summary-types.ts";

export function titleOf({ system }: RunHead): string {
  return system.title ?? system.id;
}

/** How the rows of a table are named: with their condition, unless all have the same. */
export function nameIn(rows: readonly Row[]): (row: Row) => string {
  const tells = tellsConditions(rows);
  return ({ run, condition }) => (tells && condition !== undefined ? `${titleOf(run)} ${condition}` : titleOf(run));
}

/** The same cut to so many letters: within the title, so that its end and the condition stay readable. */
export function shortNameIn(rows: readonly Row[]): (row: Row, most: number) => string {
  const tells = tellsConditions(rows);
  return ({ run, condition }, most) => {
    const end = tells && condition !== undefined ? ` ${condition}` : "";
    return cutWithin(titleOf(run), Math.max(3, most - end.length)) + end;
  };
}

function tellsConditions(rows: readonly Row[]): boolean {
  return new Set(rows.map(({ condition }) => condition)).size > 1;
}

/** Beginning and end of a text with `…` between: what tells long names apart often stands at their end. */
export function cutWithin(text: string, most: number): string {
  const letters = Array.from(text);
  if (letters.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return `${letters.slice(0, most - 1 - end).join("")}…${letters.slice(letters.length - end).join("")}`;
}
