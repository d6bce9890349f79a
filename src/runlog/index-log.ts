import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { LogIndex } from "./log-index.ts";
import { openRun } from "./open-run.ts";
import { readQuestions } from "./read-run.ts";
import { runFolder } from "./run-folder.ts";
import { scanLog } from "./scan-log.ts";
import type { Manifest } from "./schema.ts";
import { Slots } from "./slots.ts";

/** An interrupted log, read for going on. */
export interface IndexedLog {
  readonly manifest: Manifest;
  readonly index: LogIndex;
  /** Length of the log in bytes without its torn last line. */
  readonly size: number;
}

/**
 * Learns which results an interrupted run has. A damaged line stops it: dropping results silently could change numbers.
 * @throws DataError with everything that is wrong
 */
export async function indexLog(dir: string): Promise<IndexedLog> {
  const { manifest, state } = await openRun(dir);
  const { log } = runFolder(dir);
  if (state === "complete") throw complete(dir);
  const queries: string[] = [];
  for await (const { id } of readQuestions(dir)) queries.push(id);
  const index = new LogIndex(new Slots(queries, manifest));
  const problems: Problem[] = [];
  let size = 0;
  for await (const scanned of scanLog(log)) {
    const { place } = scanned;
    if (scanned.state === "torn") break;
    size = place.offset + place.bytes;
    if (scanned.state === "bad") problems.push(...scanned.problems);
    else if (scanned.line.kind !== "manifest" && scanned.line.kind !== "end") {
      const slot = index.slots.slotOfLine(scanned.line);
      if (slot === undefined) problems.push(stray(log, place.number, "a result of the plan", "one that is not in it"));
      else if (index.has(slot)) {
        problems.push(stray(log, place.number, "each result once", `another of ${index.slots.describe(slot)}`));
      } else index.add(slot, scanned.line, place);
    } else if (place.number > 1) {
      problems.push(stray(log, place.number, "a result", `a line of kind ${scanned.line.kind}`));
    }
  }
  if (problems.length > 0) throw new DataError(problems);
  return { manifest, index, size };
}

function stray(log: string, line: number, expected: string, got: string): Problem {
  return {
    code: "E_RUN_LINE",
    where: `${log}:${line}`,
    expected,
    got,
    fix: "remove the line, or run again with --fresh",
  };
}

function complete(dir: string): DataError {
  return new DataError([
    {
      code: "E_RUN_COMPLETE",
      where: dir,
      expected: "an interrupted run",
      got: "one that is complete",
      fix: "leave it as it is, or make another run with --fresh",
    },
  ]);
}
