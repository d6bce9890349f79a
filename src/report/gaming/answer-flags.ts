import { printable, truncate } from "../../lib/text.ts";
import type { SameAnswers } from "../conditions/same-answers.ts";
import { formatCount } from "../text/format-number.ts";

/**
 * What an honest system stays below. On the answers of 12 systems to Natural Questions the most frequent answer is that to at most
 * 1.0 % of 301 questions and .9 % of 3,610 (one system says "Unknown." to 7 %), and at most 3.7 % of the answers repeat one that
 * belongs to other references.
 */
export const REPEATS = {
  /** Fewer answers than these say nothing. */
  least: 20,
  /** The share of the most frequent answer from which it is looked at. */
  constant: 0.05,
  /** By how much its odds must exceed those of the reference that most questions accept: yes may be right half of the time. */
  odds: 3,
  /** The share of questions whose answer belongs to other references. */
  misplaced: 0.1,
} as const;

/** Answers under one condition that look canned: they can please a metric or a judge without an answer to the question. */
export interface AnswerFlag {
  readonly kind: "constant" | "duplicate";
  readonly condition: string;
  /** Share of the answers, in [0, 1]. */
  readonly share: number;
  readonly questions: number;
  /** The answers that the share is of: all, or those to questions with references. */
  readonly answered: number;
  /** The most frequent answer, cut; text of a system. */
  readonly text: string;
}

/** What is to be flagged about the answers of one run; empty where nothing is. */
export function answerFlags(same: readonly SameAnswers[]): AnswerFlag[] {
  return same.flatMap(({ condition, answered, referenced, most, commonest, misplaced }): AnswerFlag[] => {
    const [first] = most;
    if (first === undefined || answered < REPEATS.least) return [];
    const share = first.questions / answered;
    const expected = referenced === 0 ? 0 : commonest / referenced;
    const found = { condition, text: first.text };
    // Odds of a share of 1 are infinite; multiplied out nothing is.
    const often = share * (1 - expected) > REPEATS.odds * expected * (1 - share) || (share === 1 && expected < 1);
    return [
      ...(share >= REPEATS.constant && often
        ? [{ kind: "constant" as const, share, questions: first.questions, answered, ...found }]
        : []),
      ...(referenced > 0 && misplaced / referenced >= REPEATS.misplaced
        ? [
            {
              ...{ kind: "duplicate" as const, share: misplaced / referenced, questions: misplaced },
              ...{ answered: referenced, ...found },
            },
          ]
        : []),
    ];
  });
}

/** The flag in a word. */
export const FLAG_WORDS = { constant: "one answer for many", duplicate: "repeated answers" } as const;

/** The flag in a sentence: `rag@3: 12 of 71 answers (16.9 %) are the same: “…”`. */
export function flagText({ kind, condition, share, questions, answered, text }: AnswerFlag): string {
  const said = `“${truncate(printable(text), 80)}”`;
  const part = `${formatCount(questions)} of ${formatCount(answered)} answers (${(100 * share).toFixed(1)} %)`;
  return kind === "constant"
    ? `${printable(condition)}: ${part} are the same: ${said}`
    : `${printable(condition)}: ${part} are word for word those to questions with other references, most often ${said}`;
}

/** Of each kind the flag with the largest share in a sentence, with the other contexts that it stands for. */
export function worstFlags(
  flags: readonly AnswerFlag[],
): { readonly kind: AnswerFlag["kind"]; readonly says: string }[] {
  return (["constant", "duplicate"] as const).flatMap((kind) => {
    const [worst, ...others] = flags.filter((flag) => flag.kind === kind).sort((a, b) => b.share - a.share);
    if (worst === undefined) return [];
    const also = others.map(({ condition }) => printable(condition)).join(", ");
    return [{ kind, says: also === "" ? flagText(worst) : `${flagText(worst)}; likewise under ${also}` }];
  });
}

/** Why it is flagged, and from where on. */
export function flagReasons(flags: readonly AnswerFlag[]): string[] {
  const kinds = new Set(flags.map(({ kind }) => kind));
  return [
    ...(kinds.has("constant")
      ? [
          `One answer for many questions can please a metric or a judge without answering any. It is flagged from ${100 * REPEATS.constant} % of the answers on, where its odds are more than ${REPEATS.odds} times those of the reference that most questions accept. Twelve systems measured on Natural Questions stay at 1 %, but for one that says “Unknown.” to 7 %; an answer that declines belongs to the suite's refusal detector.`,
        ]
      : []),
    ...(kinds.has("duplicate")
      ? [
          `An answer that stands below questions which share no reference cannot be right for all of them. It is flagged from ${100 * REPEATS.misplaced} % of the answers on; the same systems stay below 4 %. Answers that are given at most twice as often as they are a reference, such as yes and no, are not counted.`,
        ]
      : []),
  ];
}
