import type { Rng } from "../../core/rng.ts";

/** Frequent English words: each is one token, its space included, in the vocabularies that models have today. */
const WORDS = (
  "the and for that with this from have they will about there which when your would other than then some could time these " +
  "more people only into year make first after water little know place work back through life where much before right too " +
  "means old same tell boy follow came want show form three small set put end does another well large must big even such " +
  "because turn here why ask went men read need land different home us move try kind hand picture again change off play " +
  "spell air away animal house point page letter mother answer found study still learn should world high every near add"
).split(" ");

const TASK = "Write a long story that uses these words:";

/**
 * A prompt of so many words that no earlier one begins like, so that a server which keeps prompts finds none of it. What it
 * asks for can be as long as wanted.
 * @param words 1 or more, beside the task
 */
export function syntheticPrompt(words: number, rng: Rng): string {
  return [TASK, ...Array.from({ length: words }, () => WORDS[rng.below(WORDS.length)]!)].join(" ");
}

/** Tokens of a prompt beside its words: the task, as far as a word is a token. */
export const TASK_TOKENS = TASK.split(" ").length + 1;

/**
 * How many words give the tokens that are wanted, after the server has counted one prompt.
 * @param frame tokens of it that are none of its words: the task, and what the system's template writes around it
 * @returns 1 or more; the words as they were where the count cannot be right
 * @example wordsFor({ tokens: 2000, frame: 50, words: 1950, counted: 2245 }) // 1732
 */
export function wordsFor(asked: { tokens: number; frame: number; words: number; counted: number }): number {
  const { tokens, frame, words, counted } = asked;
  if (counted <= frame) return words;
  return Math.max(1, Math.round(((tokens - frame) * words) / (counted - frame)));
}
