import { stat } from "node:fs/promises";
import type { Problem } from "../core/problem.ts";
import { readLines } from "../lib/jsonl.ts";
import { checkLogLine } from "./check-line.ts";
import type { LogLine } from "./schema.ts";

/** Where a line stands in its file. */
export interface Place {
  /** 1-based. */
  readonly number: number;
  /** Of its first byte. */
  readonly offset: number;
  /** Length in bytes, its line feed included. */
  readonly bytes: number;
}

/** One step of reading a log: a line, what is wrong with one, or the torn write that a killed process left behind. */
export type Scanned =
  | { readonly state: "line"; readonly line: LogLine; readonly place: Place }
  | { readonly state: "bad"; readonly problems: readonly Problem[]; readonly place: Place }
  | { readonly state: "torn"; readonly place: Place };

/**
 * Streams a log from its first line. Only a last line without a line feed is torn: lines are written whole, line feed
 * last, so that a bad line elsewhere was damaged by something else.
 */
export async function* scanLog(path: string): AsyncGenerator<Scanned> {
  const { size } = await stat(path);
  for await (const line of readLines(path)) {
    const bytes = "error" in line ? line.bytes : Buffer.byteLength(line.text);
    // A write may be torn within a character, and such a line says nothing of its end.
    const terminated = "error" in line ? line.offset + bytes < size : line.terminated;
    const place = { number: line.number, offset: line.offset, bytes: terminated ? bytes + 1 : bytes };
    if (!terminated) {
      yield { state: "torn", place };
      return;
    }
    const checked = checkLogLine(line, path);
    if (checked.ok) yield { state: "line", line: checked.value, place };
    else yield { state: "bad", problems: checked.problems, place };
  }
}
