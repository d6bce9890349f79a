/** Characters that could end a script element, open a comment in it, or that old engines read as line ends in strings. */
const UNSAFE_IN_SCRIPT = /[<>&\u2028\u2029]/g;

/**
 * JSON that is safe inside a script, whatever text it holds: `</script>`, `<!--` and the line separators U+2028 and
 * U+2029 cannot occur, and `JSON.parse` or a script engine reads the same value back.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE_IN_SCRIPT, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * One piece of data as a classic script, which is the one way to load data under `file://`: browsers refuse modules and
 * `fetch` there. The value travels as a JSON string, so a key `__proto__` stays a plain key.
 *
 * @param name which piece this is; the page's script asks for it under the same name
 */
export function dataScript(name: string, value: unknown): string {
  return `plumbline.piece(${scriptJson(name)},JSON.parse(${scriptJson(JSON.stringify(value))}));\n`;
}
