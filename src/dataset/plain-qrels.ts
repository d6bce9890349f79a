import { readFile } from "node:fs/promises";

/** Beyond it a file is no longer held in one string. */
const MAX_BYTES = 256 * 1024 * 1024;
const HEADER = /^query-id\tcorpus-id\tscore\r?\n/;
const TAB = 9;
const LINE_FEED = 10;
const DIGIT_0 = 48;

/**
 * Reads a qrels file that is as they usually are: printable ASCII, grades of one digit, each pair of query and passage once. A
 * fraction of the time that naming problems line by line takes.
 * @returns undefined when the file is not so, or not right
 * @throws the system's error when the file cannot be read
 */
export async function readPlainQrels(path: string): Promise<Map<string, Map<string, number>> | undefined> {
  const bytes = await readFile(path);
  if (bytes.length > MAX_BYTES) return undefined;
  const text = bytes.toString("latin1");
  const header = HEADER.exec(text);
  return header ? parse(text, header[0].length) : undefined;
}

function parse(text: string, from: number): Map<string, Map<string, number>> | undefined {
  const judged = new Map<string, Map<string, number>>();
  let query = "";
  let grades = new Map<string, number>();
  for (let at = from; at < text.length; ) {
    const queryEnd = cellEnd(text, at);
    const targetEnd = cellEnd(text, queryEnd + 1);
    const grade = text.charCodeAt(targetEnd + 1) - DIGIT_0;
    if (!(queryEnd > at && targetEnd > queryEnd + 1 && grade >= 0 && grade <= 9)) return undefined;
    const target = text.slice(queryEnd + 1, targetEnd);
    if (query.length !== queryEnd - at || !text.startsWith(query, at)) {
      query = text.slice(at, queryEnd);
      const known = judged.get(query);
      grades = known ?? new Map<string, number>();
      if (!known) judged.set(query, grades);
    }
    at = targetEnd + 2;
    if (text.startsWith("\r\n", at)) at += 1;
    if (at < text.length && text.charCodeAt(at) !== LINE_FEED) return undefined;
    at += 1;
    const before = grades.size;
    grades.set(target, grade);
    if (grades.size === before) return undefined;
  }
  return judged;
}

/** Where the tab after a cell is; −1 when something else comes that is no printable ASCII. */
function cellEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === TAB) return at;
    if (unit < 32 || unit > 126) return -1;
  }
  return -1;
}
