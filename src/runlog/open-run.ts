import { open, stat } from "node:fs/promises";
import { DataError } from "../core/errors.ts";
import { MAX_LINE_BYTES } from "../lib/jsonl.ts";
import { checkLogLine } from "./check-line.ts";
import { runFolder } from "./run-folder.ts";
import { scanLog } from "./scan-log.ts";
import type { EndLine, Manifest } from "./schema.ts";

/** A run folder, opened. */
export interface Run {
  readonly dir: string;
  readonly manifest: Manifest;
  /** `interrupted` as long as the end line is missing, whether the run was stopped or is still going on. */
  readonly state: "complete" | "interrupted";
  /** Present when complete. */
  readonly end?: EndLine;
}

/**
 * Opens a run folder. Only the first and the last line are read; `readRun` and `verifyRun` look at all.
 * @throws DataError when it is no run folder, or a newer version wrote it (E_RUN_SCHEMA)
 */
export async function openRun(dir: string): Promise<Run> {
  const { log } = runFolder(dir);
  if (!(await stat(log).catch(() => undefined))?.isFile()) throw noRun(dir, "no run.jsonl there");
  const manifest = await readManifest(log, dir);
  const end = await readEnd(log);
  return end === undefined ? { dir, manifest, state: "interrupted" } : { dir, manifest, state: "complete", end };
}

/** @throws DataError when there is no run folder, so that a mistyped path is not taken for an empty run */
async function readManifest(log: string, dir: string): Promise<Manifest> {
  for await (const scanned of scanLog(log)) {
    if (scanned.state === "bad") throw new DataError(scanned.problems);
    if (scanned.state === "line" && scanned.line.kind === "manifest") return scanned.line;
    break;
  }
  throw noRun(dir, "a run.jsonl whose first line is not a manifest");
}

/** The end line, when the last line of the file is one. */
async function readEnd(log: string): Promise<EndLine | undefined> {
  const file = await open(log);
  try {
    const { size } = await file.stat();
    // An end line has a fixed size of some hundred bytes; a longer last line is another kind of line.
    const tail = Buffer.alloc(Math.min(size, 8192));
    await file.read(tail, 0, tail.length, size - tail.length);
    const text = tail.toString("utf8");
    const from = text.lastIndexOf("\n", text.length - 2) + 1;
    if (!text.endsWith("\n") || from === 0) return undefined;
    const line = { number: 0, offset: 0, text: text.slice(from, -1), terminated: true };
    if (!line.text.startsWith('{"kind":"end"') || line.text.length > MAX_LINE_BYTES) return undefined;
    const checked = checkLogLine(line, log);
    return checked.ok && checked.value.kind === "end" ? checked.value : undefined;
  } finally {
    await file.close();
  }
}

function noRun(dir: string, got: string): DataError {
  return new DataError([
    {
      code: "E_RUN_MISSING",
      where: dir,
      expected: "a run folder with run.jsonl",
      got,
      fix: "check the path; `bench show` lists the runs there are",
    },
  ]);
}
