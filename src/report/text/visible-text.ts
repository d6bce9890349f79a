/** Control characters but new line and tab, bidirectional overrides and isolates, and the byte-order mark. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Text as a page may show it: characters that would rewrite what is seen around them become visible escapes. Joiners and
 * direction marks stay, since scripts and emoji need them; pages isolate outside text besides.
 */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A view with all of its texts made visible; the structure and other values stay. */
export function visibleView(value: unknown): unknown {
  if (typeof value === "string") return visibleText(value);
  if (Array.isArray(value)) return value.map(visibleView);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visibleView(inner)]));
}
