import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { sha256File } from "../lib/hash.ts";
import { quoteValue } from "../lib/text.ts";
import { LogIndex } from "./log-index.ts";
import { openRun, type Run } from "./open-run.ts";
import { readLatency } from "./read-latency.ts";
import { readPassages, readQuestions } from "./read-run.ts";
import { runFolder } from "./run-folder.ts";
import { type Place, scanLog } from "./scan-log.ts";
import type { EndLine, ResultLine } from "./schema.ts";
import { Slots } from "./slots.ts";

const FIX = "restore the folder from where it came, or run again with --fresh";
/** Of many missing results, the first ones are named. */
const MOST_NAMED = 20;

/**
 * Checks all of a run folder: every line, that each result of the plan is there once and in its place, counts, and the
 * hashes of log and files. An interrupted run may lack results and its end; what it has must be right.
 * @returns what is wrong; nothing for a sound run
 * @throws DataError when it is no run folder
 */
export async function verifyRun(dir: string): Promise<Problem[]> {
  const run = await openRun(dir);
  const problems: Problem[] = [];
  const queries = await readIds(dir, problems);
  const { log } = runFolder(dir);
  if (queries.length !== run.manifest.dataset.queries) {
    problems.push(wrong(runFolder(dir).questions, `${run.manifest.dataset.queries} questions`, `${queries.length}`));
  }
  const index = new LogIndex(new Slots(queries, run.manifest));
  const order = new OrderCheck(log, index, run.state === "complete", problems);
  let endsAt = 0;
  for await (const scanned of scanLog(log)) {
    if (scanned.state === "bad") problems.push(...scanned.problems);
    if (scanned.state !== "line") continue;
    const { line, place } = scanned;
    if (line.kind === "end") endsAt = place.offset;
    else if (line.kind !== "manifest") order.add(line, place);
    else if (place.number > 1) problems.push(wrong(`${log}:${place.number}`, "one manifest", "a second one"));
  }
  await collect(problems, async () => void (await readLatency(run)));
  if (run.end) await checkEnd(run, run.end, endsAt, index, problems);
  return problems;
}

async function readIds(dir: string, problems: Problem[]): Promise<string[]> {
  const ids: string[] = [];
  const seen = new Set<string>();
  await collect(problems, async () => {
    for await (const { id } of readQuestions(dir)) {
      if (seen.has(id)) problems.push(wrong(runFolder(dir).questions, "each question once", `${quoteValue(id)} again`));
      else ids.push(id);
      seen.add(id);
    }
  });
  return ids;
}

/** Adds what a DataError says to the problems. */
async function collect(problems: Problem[], read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    problems.push(...error.problems);
  }
}

/** Sees that each result belongs to the plan, stands once and, in a complete log, in the plan's order. */
class OrderCheck {
  readonly #log: string;
  readonly #index: LogIndex;
  readonly #sorted: boolean;
  readonly #problems: Problem[];
  #last = -1;

  constructor(log: string, index: LogIndex, sorted: boolean, problems: Problem[]) {
    this.#log = log;
    this.#index = index;
    this.#sorted = sorted;
    this.#problems = problems;
  }

  add(line: ResultLine, place: Place): void {
    const where = `${this.#log}:${place.number}`;
    const { slots } = this.#index;
    const slot = slots.slotOfLine(line);
    if (slot === undefined) {
      const of = "condition" in line ? `, ${line.condition}` : "";
      const got = `the ${line.kind} of question ${quoteValue(line.query)}${of}, trial ${line.trial}`;
      this.#problems.push(wrong(where, "a result of the run's plan", got));
      return;
    }
    if (this.#index.has(slot)) {
      this.#problems.push(wrong(where, "each result once", `${slots.describe(slot)} again`));
      return;
    }
    if (this.#sorted && slot < this.#last) {
      this.#problems.push(wrong(where, "results in the plan's order", `${slots.describe(slot)} too late`));
    }
    this.#last = slot;
    this.#index.add(slot, line, place);
  }
}

async function checkEnd(run: Run, end: EndLine, endsAt: number, index: LogIndex, problems: Problem[]): Promise<void> {
  const { log } = runFolder(run.dir);
  const missing = index.missing(MOST_NAMED);
  for (const slot of missing) problems.push(wrong(log, `a result of ${index.slots.describe(slot)}`, "none"));
  const more = index.slots.size - index.done - missing.length;
  if (more > 0) problems.push(wrong(log, "all results of the plan", `${more} more missing`));
  const counts = JSON.stringify(index.counts);
  const { retrievals, answers, failures } = end.counts;
  const claimed = JSON.stringify({ retrievals, answers, failures });
  if (counts !== claimed) problems.push(wrong(log, `the counts of the end line, ${claimed}`, counts));

  await checkHashes(run, end, endsAt, problems);
  await collect(problems, async () => {
    for await (const _ of readPassages(run.dir));
  });
}

/**
 * Whether a run is as it ended, by its hashes alone: quick, where {@link verifyRun} looks at every line.
 * @returns a problem per file that was changed; nothing for an interrupted run, which has no hashes yet
 */
export async function sealProblems(run: Run): Promise<Problem[]> {
  const problems: Problem[] = [];
  if (run.end === undefined) return problems;
  await checkHashes(run, run.end, await lastLineOf(runFolder(run.dir).log), problems);
  return problems;
}

async function checkHashes(run: Run, end: EndLine, endsAt: number, problems: Problem[]): Promise<void> {
  const { log, questions, passages } = runFolder(run.dir);
  await same(log, end.sha256, () => sha256Until(log, endsAt), problems);
  await same(questions, end.files.questions, () => sha256File(questions), problems);
  await same(passages, end.files.passages, () => sha256File(passages), problems);
}

async function same(path: string, expected: string, hash: () => Promise<string>, problems: Problem[]): Promise<void> {
  if (!existsSync(path)) return;
  const got = await hash();
  if (got !== expected) problems.push(wrong(path, `the SHA-256 ${expected} of the end line`, got));
}

/** Where the last line of a complete log begins; as `openRun`, in the last bytes. */
async function lastLineOf(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, 8192));
    await file.read(tail, 0, tail.length, size - tail.length);
    return size - tail.length + tail.lastIndexOf(0x0a, tail.length - 2) + 1;
  } finally {
    await file.close();
  }
}

/** SHA-256 of the first bytes of a file. */
async function sha256Until(path: string, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  if (bytes > 0) await pipeline(createReadStream(path, { end: bytes - 1 }), hash);
  return hash.digest("hex");
}

function wrong(where: string, expected: string, got: string): Problem {
  return { code: "E_RUN_VERIFY", where, expected, got, fix: FIX };
}
