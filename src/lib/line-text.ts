const NAMES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\\", "\\\\"],
]);
const CHARACTERS: ReadonlyMap<string, string> = new Map([...NAMES].map(([character, name]) => [name, character]));

/**
 * Text as one cell of one line: line feed, carriage return and tab become `\n`, `\r` and `\t`. A backslash is doubled only
 * where it would else be read as the start of one of these, so that a text without line breaks mostly stays as it is.
 * {@link unescapeLine} gives the text back.
 */
export function escapeLine(text: string): string {
  return text.replace(/[\n\r\t]|\\(?=[nrt\\\n\r\t])/g, (c) => NAMES.get(c)!);
}

/** The text that {@link escapeLine} wrote. */
export function unescapeLine(line: string): string {
  return line.replace(/\\[nrt\\]/g, (name) => CHARACTERS.get(name)!);
}
