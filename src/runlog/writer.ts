import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BadArgument, DataError } from "../core/errors.ts";
import type { IdTable } from "../lib/id-table.ts";
import { MAX_LINE_BYTES } from "../lib/jsonl.ts";
import { together } from "../lib/together.ts";
import { AppendFile, diskError, type OpenFile, openFile } from "./append-file.ts";
import { indexLog } from "./index-log.ts";
import { lockName, lockRun, type Owner } from "./lock.ts";
import { type Counts, LogIndex } from "./log-index.ts";
import { openRun } from "./open-run.ts";
import type { KeptPassages } from "./ordered-copy.ts";
import type { QuestionList } from "./question-list.ts";
import { runFolder } from "./run-folder.ts";
import type { RunningTotals } from "./running-totals.ts";
import type { EndLine, Manifest, ResultLine } from "./schema.ts";
import { Sealing, type SealOptions } from "./sealing.ts";
import { Slots } from "./slots.ts";
import { type Sink, writeWhole } from "./write-file.ts";

export interface WriterOptions {
  readonly owner: Owner;
  /** @default the file system */
  readonly open?: OpenFile;
}

/**
 * The one writer of a run folder. Results are appended as they come; `seal` puts them in the plan's order, so that a run
 * that was interrupted ends as the same file as one that was not.
 */
export class RunLogWriter {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly slots: Slots;
  readonly #index: LogIndex;
  readonly #file: AppendFile;
  readonly #open: OpenFile;
  readonly #release: () => Promise<void>;
  #sealing: Sealing | undefined;
  #closed = false;
  #sealed = false;

  private constructor(
    dir: string,
    manifest: Manifest,
    index: LogIndex,
    file: AppendFile,
    open: OpenFile,
    release: () => Promise<void>,
  ) {
    this.dir = dir;
    this.manifest = manifest;
    this.slots = index.slots;
    this.#index = index;
    this.#file = file;
    this.#open = open;
    this.#release = release;
  }

  /**
   * Makes the folder of a new run. It appears with its manifest, questions, lock and what is carried over all at once, so that
   * a process killed here leaves no half of a run.
   * @param carried results that the run begins with
   * @throws DataError (E_RUN_EXISTS) when the folder is there and not empty, (E_RUN_WRITE) when the disk is full
   */
  static async create(
    dir: string,
    manifest: Manifest,
    questions: QuestionList,
    options: WriterOptions,
    carried: Iterable<ResultLine> | AsyncIterable<ResultLine> = [],
  ): Promise<RunLogWriter> {
    const { owner, open = openFile } = options;
    let index: LogIndex;
    let staging: string | undefined;
    try {
      await mkdir(dirname(dir), { recursive: true });
      const unique = join(dirname(dir), `.new-${basename(dir)}-${lockName(owner)}`);
      await mkdir(unique);
      staging = unique;
      const files = runFolder(staging);
      [index] = await together(
        writeWhole(files.log, open, (sink) => begin(sink, manifest, questions.ids, carried)),
        writeWhole(files.questions, open, async (sink) => {
          for (const block of questions.blocks()) await sink.write(block);
        }),
        writeFile(join(staging, lockName(owner)), ""),
      );
      await rename(staging, dir);
    } catch (error) {
      if (staging !== undefined) await rm(staging, { recursive: true, force: true });
      if (error instanceof DataError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      throw code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOTDIR" ? exists(dir) : diskError(dir, error);
    }
    const { log } = runFolder(dir);
    const file = await open(log, "r+");
    const append = new AppendFile(log, file, (await file.stat()).size);
    return new RunLogWriter(dir, manifest, index, append, open, () => rm(join(dir, lockName(owner)), { force: true }));
  }

  /**
   * Goes on with an interrupted run: drops a torn last line and learns what is finished.
   * @throws DataError when it is no run, complete (E_RUN_COMPLETE), being written (E_RUN_BUSY), or damaged elsewhere than
   * at its end
   */
  static async resume(dir: string, options: WriterOptions): Promise<RunLogWriter> {
    const { owner, open = openFile } = options;
    await openRun(dir);
    const release = await lockRun(dir, owner);
    try {
      const { manifest, index, size } = await indexLog(dir);
      const { log } = runFolder(dir);
      const file = await open(log, "r+");
      await file.truncate(size);
      return new RunLogWriter(dir, manifest, index, new AppendFile(log, file, size), open, release);
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Whether a result is in the log already. */
  has(slot: number): boolean {
    return this.#index.has(slot);
  }

  /** How many results are in the log. */
  get done(): number {
    return this.#index.done;
  }

  get counts(): Counts {
    return this.#index.counts;
  }

  get refused(): number {
    return this.#index.refused;
  }

  /** Cost and running score. */
  get totals(): RunningTotals {
    return this.#index.totals;
  }

  /** Whether the run is complete. */
  get sealed(): boolean {
    return this.#sealed;
  }

  /** How many questions have at least one failure. */
  get failedQueries(): number {
    return this.#index.failedQueries;
  }

  /** Reads a finished result back. */
  async read(slot: number): Promise<ResultLine> {
    if (!this.has(slot)) throw new BadArgument(`no result at ${this.slots.describe(slot)}`);
    const { offset, bytes } = this.#index.place(slot);
    return JSON.parse((await this.#file.read(offset, bytes)).toString("utf8")) as ResultLine;
  }

  /**
   * Appends a result. When the promise resolves a killed process no longer loses it.
   * @throws DataError (E_RUN_WRITE) when the disk is full; (E_RUN_LINE) when the line is longer than a reader takes
   * @throws BadArgument when the plan has no such result or it is there already
   */
  async append(line: ResultLine): Promise<void> {
    const slot = this.slots.slotOfLine(line);
    if (slot === undefined) throw new BadArgument(`the plan has no ${line.kind} of ${line.query}, trial ${line.trial}`);
    if (this.has(slot)) throw new BadArgument(`there is a result already of ${this.slots.describe(slot)}`);
    const text = JSON.stringify(line);
    if (Buffer.byteLength(text) > MAX_LINE_BYTES) throw tooLong(runFolder(this.dir).log, this.slots.describe(slot));
    const place = await this.#file.append(text);
    this.#index.add(slot, line, place);
    this.#sealing?.advance();
  }

  /** Lets what `seal` does be done from now on for what is finished of the plan's beginning, while the rest is still asked. */
  sealAhead(kept: KeptPassages): void {
    this.#sealing ??= new Sealing(this.dir, this.manifest, this.#index, this.#open, kept);
  }

  /**
   * Completes the run: writes `passages.jsonl`, then the log anew in the plan's order with its end line, and puts it in
   * place of the old one. Closes the writer.
   */
  async seal(options: SealOptions): Promise<EndLine> {
    const [missing] = this.#index.missing(1);
    if (missing !== undefined) {
      // A disk that failed says why it is missing.
      await this.#file.flush();
      throw new BadArgument(`there is no result yet of ${this.slots.describe(missing)}`);
    }
    this.sealAhead(options);
    const end = await this.#sealing!.finish(options.endedAt, () => this.#file.flush());
    this.#sealed = true;
    await this.close();
    return end;
  }

  /** Gives the folder back. What was appended stays; the run can be resumed. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#sealed) await this.#sealing?.discard();
    await this.#file.close();
    await this.#release();
  }
}

/** Writes the manifest and what is carried over. @throws BadArgument for a result that the plan does not have, or has twice */
async function begin(
  sink: Sink,
  manifest: Manifest,
  ids: IdTable,
  carried: Iterable<ResultLine> | AsyncIterable<ResultLine>,
): Promise<LogIndex> {
  const index = new LogIndex(new Slots(ids, manifest));
  const head = Buffer.from(`${JSON.stringify(manifest)}\n`);
  await sink.write(head);
  let offset = head.length;
  for await (const line of carried) {
    const slot = index.slots.slotOfLine(line);
    if (slot === undefined || index.has(slot))
      throw new BadArgument(`${line.kind} of ${line.query} is not to be carried over`);
    const data = Buffer.from(`${JSON.stringify(line)}\n`);
    await sink.write(data);
    index.add(slot, line, { offset, bytes: data.length });
    offset += data.length;
  }
  return index;
}

function exists(dir: string): DataError {
  return new DataError([
    {
      code: "E_RUN_EXISTS",
      where: dir,
      expected: "no folder of this name",
      got: "one that is not empty",
      fix: "go on with it by --resume, or make another run with --fresh",
    },
  ]);
}

function tooLong(log: string, what: string): DataError {
  return new DataError([
    {
      code: "E_RUN_LINE",
      where: log,
      expected: `results of at most ${MAX_LINE_BYTES} bytes`,
      got: `a longer one of ${what}`,
      fix: "lower the suite's depth",
    },
  ]);
}
