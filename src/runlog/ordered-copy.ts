import type { FileHandle } from "node:fs/promises";
import { setImmediate as othersTurn } from "node:timers/promises";
import type { Passage } from "../core/passage.ts";
import { IdTable } from "../lib/id-table.ts";
import type { OpenFile } from "./append-file.ts";
import { judgedPassages } from "./judged-passages.ts";
import { LineReader } from "./line-reader.ts";
import type { LogIndex } from "./log-index.ts";
import { readQuestions } from "./read-run.ts";
import { runFolder } from "./run-folder.ts";
import type { Manifest, QuestionRecord, ResultLine } from "./schema.ts";
import { RETRIEVAL } from "./scores.ts";
import { NewFile } from "./write-file.ts";

/** Which passages a finished run keeps the texts of. */
export interface KeptPassages {
  /** How many of each ranking. */
  readonly shown: number;
  /** The passages of ids, in their order; undefined where the corpus has none. */
  passages(ids: readonly string[]): Promise<readonly (Passage | undefined)[]>;
}

/** Passages are asked for in groups of at least this many. */
const BATCH = 256;
/** After so many questions whatever else waits has its turn. */
const SLICE = 32;

/**
 * The log in the plan's order, and the passages that it names, as new files beside those that are there. Lines are copied by their
 * places, so that memory does not grow with the run.
 */
export class OrderedCopy {
  readonly log: NewFile;
  readonly passages: NewFile;
  readonly #index: LogIndex;
  readonly #kept: KeptPassages;
  readonly #questions: AsyncIterator<QuestionRecord>;
  readonly #unordered: () => Promise<FileHandle>;
  readonly #path: string;
  #source: FileHandle | undefined;
  #lines: LineReader | undefined;
  /** How many questions are copied. */
  #copied = 0;
  readonly #seen = new IdTable();
  #wanted: string[] = [];

  constructor(dir: string, index: LogIndex, open: OpenFile, kept: KeptPassages) {
    const files = runFolder(dir);
    this.log = new NewFile(files.log, open);
    this.passages = new NewFile(files.passages, open);
    this.#index = index;
    this.#kept = kept;
    this.#questions = readQuestions(dir);
    this.#unordered = () => open(files.log, "r");
    this.#path = files.log;
  }

  /** Copies from where it stands, with the manifest first, to the first question that has not all of its results. */
  async advance(manifest: Manifest): Promise<void> {
    if (this.#lines === undefined) {
      this.#source = await this.#unordered();
      this.#lines = new LineReader(this.#source, this.#path);
      await this.log.write(`${JSON.stringify(manifest)}\n`);
    }
    while (this.#copied < this.#index.slots.queries.length && this.#isFinished(this.#copied)) {
      const { value: question } = await this.#questions.next();
      await this.#copy(question, this.#lines);
      this.#copied += 1;
      if (this.#wanted.length >= BATCH) await this.#writePassages();
      if (this.#copied % SLICE === 0) await othersTurn();
    }
    if (this.#copied === this.#index.slots.queries.length) await this.#writePassages();
  }

  /** Closes what it reads. */
  async close(): Promise<void> {
    await this.#questions.return?.();
    await this.#source?.close();
  }

  /** Leaves nothing of it. */
  async discard(): Promise<void> {
    await this.close();
    await this.log.discard();
    await this.passages.discard();
  }

  #isFinished(question: number): boolean {
    const { perQuery } = this.#index.slots;
    for (let i = 0; i < perQuery; i += 1) if (!this.#index.has(question * perQuery + i)) return false;
    return true;
  }

  async #copy(question: QuestionRecord, lines: LineReader): Promise<void> {
    const { slots } = this.#index;
    let ranked: readonly string[] = [];
    for (let i = 0; i < slots.perQuery; i += 1) {
      const { offset, bytes } = this.#index.place(this.#copied * slots.perQuery + i);
      const line = await lines.read(offset, bytes);
      await this.log.write(line);
      if (i === 0 && slots.groups[0]?.name === RETRIEVAL) ranked = rankedIn(line);
    }
    for (const id of [...ranked.slice(0, this.#kept.shown), ...goldIds(question)]) {
      if (this.#seen.add(id) !== undefined) this.#wanted.push(id);
    }
  }

  async #writePassages(): Promise<void> {
    const ids = this.#wanted;
    this.#wanted = [];
    for (const passage of await this.#kept.passages(ids)) {
      if (passage) await this.passages.write(`${JSON.stringify(plain(passage))}\n`);
    }
  }
}

function rankedIn(text: Buffer): string[] {
  const line = JSON.parse(text.toString("utf8")) as ResultLine;
  return line.kind === "retrieval" ? line.ranking.map(([passage]) => passage) : [];
}

function goldIds(question: QuestionRecord): string[] {
  return judgedPassages(question)
    .filter(([, grade]) => grade >= 1)
    .map(([id]) => id);
}

/** A passage without what its dataset says of it besides. */
function plain({ id, text, title, document, start, end }: Passage): Passage {
  return {
    id,
    text,
    ...(title !== undefined && { title }),
    document,
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
  };
}
