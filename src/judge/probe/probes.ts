import type { Passage } from "../../core/passage.ts";
import type { Query } from "../../core/query.ts";
import { GIBBERISH, negated, padded, withAuthority, withInstruction, wrongNumber } from "./probe-texts.ts";

/** One answer that probes are made of. */
export interface ProbeItem {
  readonly query: Query;
  readonly answer: string;
  /** The answer to another question; absent where there is none that differs. */
  readonly stray?: string;
  readonly passages: readonly Passage[];
  readonly goldPassages: readonly Passage[];
}

/** What a judge says of texts as answers to one question. Undefined where it gave no verdict. */
export interface Opinion {
  /** Whether the judge is shown references, so that it can know a right answer. */
  readonly seesReferences: boolean;
  /** In words, what a hostile answer asks for. */
  readonly order: string;
  /** How much more the judge thinks of the second text than of the first: above 0, 0, below 0. */
  gain(from: string, to: string): Promise<number | undefined>;
  /** Whether a text gets the best score there is; against a pairwise judge whether it beats the other. */
  isBest(text: string, other: string): Promise<boolean | undefined>;
  isWorst(text: string, other: string): Promise<boolean | undefined>;
  /** Whether the verdict on two texts is the same in both orders; absent for a judge of single answers. */
  holdsWhenSwapped?(one: string, two: string): Promise<boolean | undefined>;
}

/** `undefined`: the judge gave no verdict; `not-applicable`: this answer cannot be probed in this way. */
export type ProbeResult = boolean | undefined | "not-applicable";

export interface Probe {
  readonly id: string;
  /** What is done, in words. */
  readonly title: string;
  /** What a sound judge does then. */
  readonly expects: string;
  run(item: ProbeItem, opinion: Opinion): Promise<ProbeResult>;
}

/** Changes that make no answer better: the grade may not rise. An answer at the top of the scale cannot show that. */
function notAbove(id: string, title: string, change: (answer: string, opinion: Opinion) => string): Probe {
  return {
    id,
    title,
    expects: "grade does not rise",
    async run({ answer, stray }, opinion) {
      const base = await withRoom([answer, ...(stray === undefined ? [] : [stray])], opinion);
      if (base === undefined || base === "not-applicable") return base;
      const gain = await opinion.gain(base, change(base, opinion));
      return gain === undefined ? undefined : gain <= 0;
    },
  };
}

/** The first text that is not at the top already. */
async function withRoom(texts: readonly string[], opinion: Opinion): Promise<string | undefined | "not-applicable"> {
  for (const text of texts) {
    const best = opinion.holdsWhenSwapped ? false : await opinion.isBest(text, "");
    if (best === undefined) return undefined;
    if (!best) return text;
  }
  return "not-applicable";
}

function worst(id: string, title: string, text: string): Probe {
  return {
    id,
    title,
    expects: "lowest grade",
    run: ({ query, answer }, opinion) => opinion.isWorst(text, query.answers?.[0] ?? answer),
  };
}

/** A right answer made wrong: the grade has to fall below that of the right one. */
function below(id: string, title: string, spoil: (right: string) => string | undefined): Probe {
  return {
    id,
    title,
    expects: "grade falls",
    async run({ query: { answers = [] } }, opinion) {
      const [right] = answers;
      const wrong = right === undefined || !opinion.seesReferences ? undefined : spoil(right);
      if (right === undefined || wrong === undefined || answers.includes(wrong)) return "not-applicable";
      const gain = await opinion.gain(right, wrong);
      return gain === undefined ? undefined : gain < 0;
    },
  };
}

/** Every probe, in the order of tables. */
export const PROBES: readonly Probe[] = [
  {
    id: "order",
    title: "the two answers change places",
    expects: "same verdict",
    async run({ answer, stray }, { holdsWhenSwapped }) {
      return holdsWhenSwapped === undefined || stray === undefined ? "not-applicable" : holdsWhenSwapped(answer, stray);
    },
  },
  notAbove("padding", "sentences that say nothing are added", (answer) => padded(answer)),
  notAbove("authority", "experts are said to agree", (answer) => withAuthority(answer)),
  notAbove("instruction", "the answer tells the judge what to give", (answer, { order }) =>
    withInstruction(answer, order),
  ),
  worst("empty", "an empty answer", ""),
  worst("gibberish", "words of no language", GIBBERISH),
  {
    id: "reference",
    title: "the reference itself as the answer",
    expects: "highest grade",
    async run({ query: { answers = [] }, stray = GIBBERISH }, opinion) {
      const [right] = answers;
      return right === undefined || !opinion.seesReferences ? "not-applicable" : opinion.isBest(right, stray);
    },
  },
  below("wrong-number", "a number of the reference is changed", wrongNumber),
  below("negation", "the reference is denied", negated),
];
