import { readFile } from "node:fs/promises";

/** The hits of a query in the order of the file. */
export interface PlainHits {
  readonly ids: string[];
  readonly scores: number[];
}

const LINE_FEED = 10;
const SPACE = 32;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const DOT = 46;
/** Whole numbers of so many digits, and the powers of ten to divide them by, are exact: so is the correctly rounded quotient. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, n) => 10 ** n);
/** Beyond it a file is no longer held in one string. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads a TREC run that is as runs usually are: ASCII, six columns, plain decimal scores, the lines of a query together, no id
 * twice. A fraction of the time that naming problems line by line takes.
 * @returns undefined when the file is not so, or not right
 * @throws the system's error when the file cannot be read
 */
export async function readPlainRun(path: string): Promise<Map<string, PlainHits> | undefined> {
  const bytes = await readFile(path);
  return bytes.length <= MAX_BYTES ? parsePlainRun(bytes.toString("latin1")) : undefined;
}

function parsePlainRun(text: string): Map<string, PlainHits> | undefined {
  const byQuery = new Map<string, PlainHits>();
  // Where the columns of a line start and end.
  const start = new Int32Array(6);
  const end = new Int32Array(6);
  let query = "";
  let hits: PlainHits = { ids: [], scores: [] };
  let seen = new Set<string>();
  for (let at = 0; at < text.length; at += 1) {
    let columns = 0;
    let inside = false;
    for (; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit > SPACE && unit < 127) {
        if (inside) continue;
        if (columns === 6) return undefined;
        start[columns] = at;
        inside = true;
        continue;
      }
      if (inside) end[columns++] = at;
      inside = false;
      if (unit === LINE_FEED) break;
      if (unit !== SPACE && unit !== 9 && unit !== 13) return undefined;
    }
    if (inside) end[columns++] = at;
    if (columns === 0) continue;
    if (columns !== 6) return undefined;

    if (query.length !== end[0]! - start[0]! || !text.startsWith(query, start[0]!)) {
      query = text.slice(start[0]!, end[0]!);
      if (byQuery.has(query)) return undefined;
      hits = { ids: [], scores: [] };
      byQuery.set(query, hits);
      seen = new Set();
    }
    const score = decimal(text, start[4]!, end[4]!);
    const id = text.slice(start[2]!, end[2]!);
    if (score === undefined || seen.has(id)) return undefined;
    seen.add(id);
    hits.ids.push(id);
    hits.scores.push(score);
  }
  return byQuery;
}

/** The number that digits with at most one dot among or before them stand for; undefined for any other form. */
function decimal(text: string, from: number, to: number): number | undefined {
  const negative = text.charCodeAt(from) === 45;
  let whole = 0;
  let digits = 0;
  let fraction = -1;
  for (let at = negative ? from + 1 : from; at < to; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === DOT && fraction < 0) {
      fraction = digits;
    } else if (unit >= DIGIT_0 && unit <= DIGIT_9) {
      whole = whole * 10 + (unit - DIGIT_0);
      digits += 1;
    } else {
      return undefined;
    }
  }
  if (digits === 0) return undefined;
  if (digits > EXACT_DIGITS) return Number(text.slice(from, to));
  const value = fraction < 0 ? whole : whole / POWERS[digits - fraction]!;
  return negative ? -value : value;
}
