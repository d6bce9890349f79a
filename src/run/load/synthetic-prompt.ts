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

/** Words at the beginning that are drawn anew: a server that keeps prompts looks them up by how they begin. */
const FRESH = 12;

/**
 * Prompts of so many words, by their number, that no other one begins like, so that a server which keeps prompts finds none of
 * them. What they ask for can be as long as wanted. After a fresh beginning they are pieces of one long text: to draw thousands of
 * words for each would keep the machine that measures from sending in time.
 * @param words 1 or more, beside the task
 */
export function syntheticPrompts(words: number, rng: Rng): (number: number) => string {
  const draw = (count: number, from: Rng): string =>
    Array.from({ length: count }, () => WORDS[from.below(WORDS.length)]!).join(" ");
  const fresh = Math.min(FRESH, words);
  const rest = words - fresh;
  const long = draw(2 * rest, rng.fork("long"));
  const starts = [0, ...Array.from(long.matchAll(/ /g), ({ index }) => index + 1), long.length + 1];
  return (number) => {
    const own = rng.fork(String(number));
    const from = own.below(rest + 1);
    const piece = long.slice(starts[from], starts[from + rest]! - 1);
    return `${TASK} ${draw(fresh, own)}${rest > 0 ? ` ${piece}` : ""}`;
  };
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
