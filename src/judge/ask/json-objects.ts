/** The members of a JSON object in their order; `JSON.parse` would keep only the last of two equal keys. */
export type Members = readonly (readonly [key: string, value: unknown])[];

/** Braces looked at before the rest of a text is given up: each look may read to the end. */
const MOST_TRIES = 200;

/**
 * The JSON objects that stand in a text, outermost only, with text around them or not. What looks like one and does not parse is
 * passed over.
 * @returns `cut`: whether the text ends inside of one
 */
export function jsonObjects(text: string): { readonly objects: readonly Members[]; readonly cut: boolean } {
  const objects: Members[] = [];
  let from = text.indexOf("{");
  for (let tries = 0; from >= 0 && tries < MOST_TRIES; tries += 1) {
    const end = closingBrace(text, from);
    if (end === undefined) return { objects, cut: true };
    const members = parseObject(text.slice(from, end + 1));
    if (members) objects.push(members);
    // Braces in prose may hold an object: look inside what was none.
    from = text.indexOf("{", members ? end + 1 : from + 1);
  }
  return { objects, cut: false };
}

/** The place of the brace that closes the one at `from`; braces in strings do not count. */
function closingBrace(text: string, from: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const c = text[at];
    if (quoted) {
      if (c === "\\") at += 1;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "{") depth += 1;
    else if (c === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

function parseObject(text: string): Members | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const members = Object.entries(value as object);
  return [...members, ...repeated(text, members)];
}

/**
 * Keys of the object itself that stand in its text more than once, each further time with the value undefined. Strings are skipped
 * whole, so that text which looks like a key inside of one is not counted.
 */
function repeated(text: string, members: Members): [string, unknown][] {
  const counts = new Map<string, number>();
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (c === "{" || c === "[") depth += 1;
    else if (c === "}" || c === "]") depth -= 1;
    else if (c === '"') {
      const start = at;
      for (at += 1; text[at] !== '"'; at += 1) if (text[at] === "\\") at += 1;
      if (depth !== 1 || !/^\s*:/.test(text.slice(at + 1, at + 64))) continue;
      const key = JSON.parse(text.slice(start, at + 1)) as string;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return members.flatMap(([key]) =>
    Array.from({ length: (counts.get(key) ?? 1) - 1 }, () => [key, undefined] as [string, unknown]),
  );
}
