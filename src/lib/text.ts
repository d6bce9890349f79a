import { sha256 } from "./hash.ts";

/**
 * Control, line-separating, bidirectional-override and invisible characters that can rewrite what a terminal or page shows;
 * neither new line and tab nor the carriage return of a CRLF.
 */
const UNSAFE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\r(?!\n)/g;

/** Text of any number of lines that is safe to print: unsafe characters become visible escapes, and its lines stay. */
export function inert(text: string): string {
  return text.replace(UNSAFE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Text from outside made safe to print on one line: as {@link inert}; new lines and tabs become spaces. */
export function printable(text: string): string {
  return inert(text.replace(/[\n\t]/g, " "));
}

/** At most `length` characters, the last an ellipsis when something was cut. Never splits a surrogate pair. */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, Math.max(0, length - 1));
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** A short quotation of an input value for messages: JSON, printable, at most 80 characters. */
export function quoteValue(value: unknown): string {
  if (value === undefined) return "nothing";
  return truncate(printable(JSON.stringify(value) ?? String(value)), 80);
}

/** Slices by Unicode code points, as Python does, so that spans mean the same in every tool. */
export function sliceCodePoints(text: string, start: number, end: number): string {
  if (!/[\ud800-\udfff]/.test(text)) return text.slice(start, end);
  return Array.from(text).slice(start, end).join("");
}

/**
 * A file name that holds an id of any characters: safe ones stay, the rest become `%XX` of their UTF-8 bytes.
 * Distinct ids give distinct names on file systems that keep case; the result is never empty, `.` or `..`, and never
 * longer than 200 bytes: a longer one is cut and ends in a hash of the whole id.
 */
export function fileNameOf(id: string): string {
  const safe = Array.from(new TextEncoder().encode(id), (b) => {
    const c = String.fromCharCode(b);
    return /[A-Za-z0-9._-]/.test(c) ? c : `%${b.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
  if (safe.length > 200) return `${safe.slice(0, 130).replace(/%.?$/, "")}-${sha256(id)}`;
  // A lone % is the name of no other id: theirs have two digits behind it.
  if (safe === "") return "%";
  return /^\.+$/.test(safe) ? `%2E${safe.slice(1)}` : safe;
}
