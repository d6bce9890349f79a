import { BadArgument } from "../core/errors.ts";
import { REFUSAL_PATTERNS, REFUSAL_PHRASES } from "./refusal-defaults.ts";
import { type CompiledPattern, compilePattern, PATTERN_WINDOW } from "./refusal-pattern.ts";

/** Whether an answer is a refusal, and by which rule: `system`, `empty`, `phrase: …`, `pattern: …` or `none`. */
export interface RefusalVerdict {
  readonly refused: boolean;
  readonly rule: string;
}

/** @param flag what the system itself said, where it said */
export type RefusalDetector = (answer: string, flag?: boolean) => RefusalVerdict;

/**
 * Makes the detector that decides whether an answer is a refusal. Rules in order: the system's own flag; an answer
 * without a letter or digit; a canonical phrase, as the whole answer or, with three words or more, its beginning
 * (case, punctuation and apostrophes do not count); a pattern found in the first 300 characters. It errs: measure its
 * precision and recall on answers that people labelled.
 * @param rules each list replaces its default; an empty list switches the rule off
 * @throws BadArgument for a pattern that does not compile or could take long; `compilePattern` says so beforehand
 * @example refusalDetector()("I don't know.") // { refused: true, rule: "phrase: I don't know" }
 */
export function refusalDetector(
  rules: { readonly phrases?: readonly string[]; readonly patterns?: readonly string[] } = {},
): RefusalDetector {
  const phrases = (rules.phrases ?? REFUSAL_PHRASES).map((phrase) => ({ phrase, words: words(phrase) }));
  const patterns = rules.patterns?.map(userPattern) ?? REFUSAL_PATTERNS.map((source) => new RegExp(source, "iu"));
  return function detectRefusal(answer, flag) {
    if (flag !== undefined) return { refused: flag, rule: "system" };
    const head = answer.trimStart().slice(0, PATTERN_WINDOW);
    const said = words(head);
    if (said === "" && words(answer) === "") return { refused: true, rule: "empty" };
    const whole = answer.trim().length <= PATTERN_WINDOW;
    const phrase = phrases.find(({ words: wanted }) => says(said, wanted, whole));
    if (phrase !== undefined) return { refused: true, rule: `phrase: ${phrase.phrase}` };
    const text = head.replace(/[‘’]/g, "'").replace(/\s+/g, " ");
    const pattern = patterns.find((regexp) => regexp.test(text));
    return pattern === undefined
      ? { refused: false, rule: "none" }
      : { refused: true, rule: `pattern: ${pattern.source}` };
  };
}

/** @param whole whether `said` is all of the answer */
function says(said: string, wanted: string, whole: boolean): boolean {
  if (wanted === "") return false;
  if (said === wanted) return whole;
  return wanted.split(" ").length >= 3 && said.startsWith(`${wanted} `);
}

/** Lower-cased words with single spaces; apostrophes vanish, so that "don't" and "dont" are one word. */
function words(text: string): string {
  return text
    .toLowerCase()
    .replace(/['‘’]/g, "")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();
}

function userPattern(source: string): RegExp {
  const compiled: CompiledPattern = compilePattern(source);
  if (compiled.ok) return compiled.regexp;
  const { expected, got, fix } = compiled.problem;
  throw new BadArgument(`expected ${expected}, got ${got}; ${fix}`);
}
