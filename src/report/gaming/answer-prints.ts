import { sha256 } from "../../lib/hash.ts";
import type { AskedQuestion } from "../../runlog/index.ts";
import { plainAnswer } from "../conditions/same-answers.ts";

/**
 * Where the answers of a run may come from, by condition: a number for each question, in the order asked. 0 where the answer tells
 * nothing of that; equal answers have equal numbers, and others do but once in four thousand million.
 */
export type AnswerPrints = ReadonlyMap<string, Uint32Array>;

/** Words from which on two authors do not choose the same, where nothing says whether an answer is right. */
export const LONG_ANSWER = 8;

/**
 * Takes the prints of the answers that tell where they come from: of each question the first trial, whatever case, white space and
 * a full stop at the end. An answer that is a reference word for word tells nothing, since all who are right say it; nor does one
 * that the system gives to several of the others, such as yes. Where there is no reference to hold it against, it tells something
 * from {@link LONG_ANSWER} words on, or where the question has no answer. Held are four bytes for each question.
 */
export class AnswerPrinter {
  readonly #questions: number;
  readonly #of = new Map<string, Uint32Array>();

  /** @param questions how many the run has */
  constructor(questions: number) {
    this.#questions = questions;
  }

  take({ at, question: { answers = [], answerable }, results }: AskedQuestion): void {
    const references = new Set(answers.map(plainAnswer));
    const short = references.size === 0 && answerable !== false;
    for (const line of results) {
      if (line.kind !== "answer" || line.trial !== 0 || line.refused || line.undecided) continue;
      const plain = plainAnswer(line.text);
      if (plain === "" || references.has(plain) || (short && plain.split(" ").length < LONG_ANSWER)) continue;
      const prints = this.#of.get(line.condition) ?? new Uint32Array(this.#questions);
      this.#of.set(line.condition, prints);
      prints[at] = printOf(plain);
    }
  }

  finish(): AnswerPrints {
    for (const prints of this.#of.values()) withoutRepeated(prints);
    return this.#of;
  }
}

function printOf(text: string): number {
  return Number.parseInt(sha256(text).slice(0, 8), 16) || 1;
}

function withoutRepeated(prints: Uint32Array): void {
  const seen = new Set<number>();
  const repeated = new Set<number>();
  for (const print of prints) (seen.has(print) ? repeated : seen).add(print);
  for (const [at, print] of prints.entries()) if (repeated.has(print)) prints[at] = 0;
}
