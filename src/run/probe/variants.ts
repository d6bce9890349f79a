import type { Rng } from "../../core/rng.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import type { Perturbation } from "./perturb.ts";

/** The question as the dataset has it: what the others are compared with. */
export const ORIGINAL = "original";

/** One way in which questions are put. */
export interface Variant {
  readonly name: string;
  /** What is done to a question, for whoever reads the table. */
  readonly meaning: string;
  /** The question's text in this variant; undefined where it has none. */
  textOf(question: QuestionRecord): string | undefined;
}

/** A text that a person wrote, by the question's id: the first, the second, … of each question. */
export type Paraphrases = ReadonlyMap<string, readonly string[]>;

/** The original, then the perturbations, then as many paraphrases as any question has. */
export function variantsOf(perturbations: readonly Perturbation[], paraphrases: Paraphrases, rng: Rng): Variant[] {
  const most = Math.max(0, ...Array.from(paraphrases.values(), (texts) => texts.length));
  return [
    { name: ORIGINAL, meaning: "as the dataset has them", textOf: ({ text }) => text },
    ...perturbations.map(({ name, meaning, apply }) => ({
      name,
      meaning,
      textOf: ({ id, text }: QuestionRecord) => apply(text, rng.fork(`${name}/${id}`)),
    })),
    ...Array.from({ length: most }, (_, i) => ({
      name: `paraphrase-${i + 1}`,
      meaning: "as the file of paraphrases has them",
      textOf: ({ id }: QuestionRecord) => paraphrases.get(id)?.[i],
    })),
  ];
}

/** A variant of a question has an id of its own, so that one log holds all: no name of a variant has a colon. */
export function variantId(variant: string, question: string): string {
  return `${variant}:${question}`;
}

/**
 * Every question in every variant, one variant after the other. What is compared with is the question's own. `document` is the
 * question, since its variants are no questions of their own.
 */
export function* putInVariants(
  questions: readonly QuestionRecord[],
  variants: readonly Variant[],
): Generator<QuestionRecord> {
  for (const { name, textOf } of variants) {
    for (const question of questions) {
      const text = textOf(question);
      if (text !== undefined) yield { ...question, id: variantId(name, question.id), text, document: question.id };
    }
  }
}
