/** What a spreadsheet takes for the start of a formula: `=`, `+`, `-`, `@`, their full-width forms, tab and line breaks. */
const FORMULA = /^'*[=+\-@＝＋－＠\t\r\n]/;

/**
 * Text that no spreadsheet runs: an apostrophe goes before what it would take for a formula. Text that already stands
 * behind apostrophes gets one more, so that {@link unescapeFormula} gives every text back.
 */
export function escapeFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** The text that {@link escapeFormula} wrote. */
export function unescapeFormula(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}
