import { IdTable } from "../lib/id-table.ts";
import { SpillFile } from "../lib/spill-file.ts";
import type { QuestionRecord } from "./schema.ts";

const BLOCK_BYTES = 1 << 20;
/** What is more than this many blocks is put aside on disk. */
const BLOCKS_HELD = 4;

/** What some of the questions have, known without going through all. */
export interface Traits {
  /** Gold that is spans, and so is read by two rules. */
  readonly spans: boolean;
  readonly judgements: boolean;
  readonly documentJudgements: boolean;
  /** The document that a question is of. */
  readonly document: boolean;
  /** An answer in the corpus. */
  readonly answerable: boolean;
}

/**
 * The questions of a run, in order, each id once. They are kept as lines of JSON outside of the engine's heap and read when they are
 * asked for; of many, all but the first few megabytes are put aside on disk, so that 200,000 take no more memory than 20,000.
 */
export class QuestionList implements Iterable<QuestionRecord> {
  readonly ids = new IdTable();
  readonly #blocks: (Buffer | { readonly at: number; readonly bytes: number })[] = [];
  readonly #aside = new SpillFile();
  #held: Buffer[] = [];
  #heldBytes = 0;
  readonly #traits = { spans: false, judgements: false, documentJudgements: false, document: false, answerable: false };

  get length(): number {
    return this.ids.length;
  }

  get traits(): Traits {
    return this.#traits;
  }

  static of(questions: Iterable<QuestionRecord>): QuestionList {
    const list = new QuestionList();
    for (const question of questions) list.add(question);
    return list;
  }

  /** @returns false when a question of this id is there already, which stays */
  add(question: QuestionRecord): boolean {
    if (this.ids.add(question.id) === undefined) return false;
    const line = Buffer.from(`${JSON.stringify(question)}\n`);
    this.#held.push(line);
    this.#heldBytes += line.length;
    if (this.#heldBytes >= BLOCK_BYTES) this.#pack();
    this.#traits.spans ||= question.strict !== undefined;
    this.#traits.judgements ||= question.judgements.length > 0;
    this.#traits.documentJudgements ||= (question.documents?.length ?? 0) > 0;
    this.#traits.document ||= question.document !== undefined;
    this.#traits.answerable ||= question.answerable !== false;
    return true;
  }

  *[Symbol.iterator](): IterableIterator<QuestionRecord> {
    for (const block of this.blocks()) {
      for (let from = 0; from < block.length; ) {
        const end = block.indexOf(10, from);
        yield JSON.parse(block.toString("utf8", from, end)) as QuestionRecord;
        from = end + 1;
      }
    }
  }

  /** The questions as JSON, each on a line that ends with a line feed; whole lines in each block. */
  *blocks(): IterableIterator<Buffer> {
    this.#pack();
    for (const block of this.#blocks) yield Buffer.isBuffer(block) ? block : this.#aside.read(block.at, block.bytes);
  }

  filter(holds: (question: QuestionRecord) => boolean): QuestionRecord[] {
    return Array.from(this).filter(holds);
  }

  #pack(): void {
    if (this.#heldBytes === 0) return;
    const block = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    const at = this.#blocks.length < BLOCKS_HELD ? undefined : this.#aside.add(block);
    this.#blocks.push(at === undefined ? block : { at, bytes: block.length });
  }
}
