import type { QuestionRecord } from "../runlog/index.ts";

const BLOCK_BYTES = 1 << 20;

/**
 * The questions of a run, in order. They are kept as JSON outside of the engine's heap and read when they are asked for, so that
 * 200,000 questions weigh as much as their text and collecting garbage takes no longer for them.
 */
export class QuestionList implements Iterable<QuestionRecord> {
  readonly #blocks: Buffer[] = [];
  #held: Buffer[] = [];
  #heldBytes = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(question: QuestionRecord): void {
    const line = Buffer.from(`${JSON.stringify(question)}\n`);
    this.#held.push(line);
    this.#heldBytes += line.length;
    this.#length += 1;
    if (this.#heldBytes >= BLOCK_BYTES) this.#pack();
  }

  *[Symbol.iterator](): IterableIterator<QuestionRecord> {
    for (const line of this.lines()) yield JSON.parse(line) as QuestionRecord;
  }

  /** Each question as a line of JSON without its line feed. */
  *lines(): IterableIterator<string> {
    this.#pack();
    for (const block of this.#blocks) {
      for (let from = 0; from < block.length; ) {
        const end = block.indexOf(10, from);
        yield block.toString("utf8", from, end);
        from = end + 1;
      }
    }
  }

  some(holds: (question: QuestionRecord) => boolean): boolean {
    for (const question of this) if (holds(question)) return true;
    return false;
  }

  filter(holds: (question: QuestionRecord) => boolean): QuestionRecord[] {
    return Array.from(this).filter(holds);
  }

  #pack(): void {
    if (this.#heldBytes === 0) return;
    this.#blocks.push(Buffer.concat(this.#held));
    this.#held = [];
    this.#heldBytes = 0;
  }
}
