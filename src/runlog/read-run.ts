import type { TSchema } from "@sinclair/typebox";
import { DataError } from "../core/errors.ts";
import type { Passage } from "../core/passage.ts";
import type { Problem } from "../core/problem.ts";
import { readLines } from "../lib/jsonl.ts";
import { checkRecord } from "./check-line.ts";
import { RefusalVerdicts } from "./grades/refusal-verdicts.ts";
import { PassageSchema, QuestionSchema } from "./line-schemas.ts";
import { openRun, type Run } from "./open-run.ts";
import { runFolder } from "./run-folder.ts";
import { scanLog } from "./scan-log.ts";
import type { LogLine, QuestionRecord } from "./schema.ts";
import { Slots } from "./slots.ts";

/** More than this many problems are counted, not listed. */
const MOST_PROBLEMS = 50;

/**
 * Streams the lines of a run, checked. Good lines come as they are met; after the last one all that is wrong is thrown at
 * once. The torn last line of an interrupted run is left out. Where a judge decides which answers are refusals, they come with
 * its word in them.
 * @param verdicts of that judge, where they were opened before
 * @throws DataError with file and line of every problem
 */
export function readRun(dir: string, verdicts?: RefusalVerdicts): AsyncGenerator<LogLine> {
  return linesOf(dir, async (run) => verdicts ?? RefusalVerdicts.open(run, () => slotsOf(run)));
}

async function slotsOf({ dir, manifest }: Run): Promise<Slots> {
  const queries: string[] = [];
  for await (const { id } of readQuestions(dir)) queries.push(id);
  return new Slots(queries, manifest);
}

/** The same as the log has them, without what a judge says of refusals. @throws DataError as {@link readRun} does */
export function readLog(dir: string): AsyncGenerator<LogLine> {
  return linesOf(dir, async () => undefined);
}

async function* linesOf(
  dir: string,
  verdictsOf: (run: Run) => Promise<RefusalVerdicts | undefined>,
): AsyncGenerator<LogLine> {
  const verdicts = await verdictsOf(await openRun(dir));
  const problems = new Problems();
  for await (const scanned of scanLog(runFolder(dir).log)) {
    if (scanned.state === "line") {
      const { line } = scanned;
      yield verdicts && line.kind === "answer" ? verdicts.settle(line) : line;
    } else if (scanned.state === "bad") problems.add(scanned.problems);
  }
  problems.raise();
}

/** Streams the questions of a run in the order of the dataset. @throws DataError as {@link readRun} does */
export function readQuestions(dir: string): AsyncGenerator<QuestionRecord> {
  return readRecords(runFolder(dir).questions, QuestionSchema);
}

/**
 * Streams the passages that the run's rankings and gold name, each once, in the order they are first met in the log.
 * @throws DataError as {@link readRun} does, and where the run is interrupted, since the file comes with its end
 */
export function readPassages(dir: string): AsyncGenerator<Passage> {
  return readRecords(runFolder(dir).passages, PassageSchema);
}

async function* readRecords<T>(path: string, schema: TSchema): AsyncGenerator<T> {
  const problems = new Problems();
  try {
    for await (const line of readLines(path)) {
      const checked = checkRecord<T>(schema, line, path);
      if (checked.ok) yield checked.value;
      else problems.add(checked.problems);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const fix = "finish the run with `bench run --resume`, or restore the file";
    throw new DataError([{ code: "E_RUN_FILE", where: path, expected: "a file of the run", got: "nothing", fix }]);
  }
  problems.raise();
}

/** Collects what is wrong with a file, bounded, since every line of it may be. */
class Problems {
  readonly #listed: Problem[] = [];
  #more = 0;

  add(problems: readonly Problem[]): void {
    const room = MOST_PROBLEMS - this.#listed.length;
    this.#listed.push(...problems.slice(0, Math.max(0, room)));
    this.#more += Math.max(0, problems.length - Math.max(0, room));
  }

  raise(): void {
    const last = this.#listed.at(-1);
    if (last === undefined) return;
    if (this.#more > 0) this.#listed.push({ ...last, got: `${this.#more} more problems after this one` });
    throw new DataError(this.#listed);
  }
}
