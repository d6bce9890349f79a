const NAMED: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/**
 * Texts as a Python list literal on one line, as `repr` writes it: single quotes, double ones around a text that holds a
 * single and no double one; control characters and half surrogate pairs escaped.
 * @example pythonList(["Paris", "it's"]) // ['Paris', "it's"]
 */
export function pythonList(texts: readonly string[]): string {
  return `[${texts.map(pythonText).join(", ")}]`;
}

function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\\'"\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/gu, (c) => {
    if (c === quote) return `\\${c}`;
    if (c === "'" || c === '"') return c;
    const code = c.charCodeAt(0);
    const hex = code.toString(16);
    return NAMED.get(c) ?? (code < 256 ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`);
  });
  return `${quote}${inner}${quote}`;
}
