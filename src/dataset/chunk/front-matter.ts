import { parseDocument } from "yaml";

/** What stands above a page: `---`, YAML, `---`. */
export interface FrontMatter {
  /** Its `title`, or else its `description`. */
  readonly title?: string;
  /** Where the page itself starts, in UTF-16 units; 0 when there is no front matter. */
  readonly end: number;
}

const FENCED = /^\ufeff?---[ \t]*\r?\n([\s\S]*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|$)/;
const LONGEST = 64 * 1024;

/**
 * Finds the front matter of a page. Only a YAML map counts as such: a page that starts with a line of dashes and has a
 * second one keeps its text.
 */
export function frontMatterOf(text: string): FrontMatter {
  const match = text.startsWith("---") || text.startsWith("\ufeff---") ? FENCED.exec(text.slice(0, LONGEST)) : null;
  const map = match === null ? undefined : yamlMap(match[1]!);
  if (match === null || map === undefined) return { end: 0 };
  const title = [map.title, map.description].find((v): v is string => typeof v === "string" && v.trim() !== "");
  return { end: match[0].length, ...(title === undefined ? {} : { title: title.trim() }) };
}

function yamlMap(text: string): Record<string, unknown> | undefined {
  const document = parseDocument(text, { logLevel: "silent", uniqueKeys: false });
  if (document.errors.length > 0) return undefined;
  try {
    // Aliases are limited by the library, so that a hostile page cannot blow up.
    const value: unknown = document.toJS();
    return value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Map)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
