import type { Estimate } from "../../core/estimate.ts";

/** Questions to which the same thing happened under one condition, with their share. */
export interface FailureClass {
  /** Stable: it stands in links, after the condition. */
  readonly id: FailureClassId;
  readonly title: string;
  /** What it means, and what would help. */
  readonly hint: string;
  /** Positions in the run's list of questions, ascending. */
  readonly questions: readonly number[];
  readonly share: Estimate;
}

export type FailureClassId =
  | "right-with"
  | "right-without"
  | "misread"
  | "not-retrieved"
  | "declined-with"
  | "declined-without"
  | "failed"
  | "memory"
  | "astray"
  | "distracted"
  | "beyond";

/** What became of one question with gold under a rag condition and the conditions beside it. */
export interface Attributed {
  /** Position in the run's list of questions. */
  readonly at: number;
  readonly cluster?: number;
  /** Whether a gold passage was among those given. */
  readonly given: boolean;
  readonly result: "right" | "wrong" | "declined" | "failed";
  /** Whether the answer was right without passages, and with the gold ones; absent where that was not asked. */
  readonly closedBook?: boolean;
  readonly oracle?: boolean;
}

interface Rule {
  readonly id: FailureClassId;
  readonly title: string;
  readonly hint: string;
  readonly holds: (question: Attributed) => boolean;
}

/** Each question is in exactly one of these. */
export const OUTCOMES: readonly Rule[] = [
  {
    id: "right-with",
    title: "right, gold retrieved",
    hint: "As it should be.",
    holds: ({ result, given }) => result === "right" && given,
  },
  {
    id: "right-without",
    title: "right without the gold",
    hint: "From another passage nobody judged, or from memory: look whether the judgements are complete.",
    holds: ({ result, given }) => result === "right" && !given,
  },
  {
    id: "not-retrieved",
    title: "gold not retrieved, wrong",
    hint: "The retriever's loss: the answer was not in the passages.",
    holds: ({ result, given }) => result === "wrong" && !given,
  },
  {
    id: "misread",
    title: "gold retrieved but wrong",
    hint: "The generator's loss, or a reference that does not admit the answer: read some of them.",
    holds: ({ result, given }) => result === "wrong" && given,
  },
  {
    id: "declined-without",
    title: "declined, gold not retrieved",
    hint: "Honest: there was nothing to answer from.",
    holds: ({ result, given }) => result === "declined" && !given,
  },
  {
    id: "declined-with",
    title: "declined although gold retrieved",
    hint: "Too cautious: the answer was there.",
    holds: ({ result, given }) => result === "declined" && given,
  },
  { id: "failed", title: "the system failed", hint: "There is no answer.", holds: ({ result }) => result === "failed" },
];

/** What the other conditions tell; a question may be in several. */
export const COMPARED: readonly Rule[] = [
  {
    id: "memory",
    title: "right closed-book too",
    hint: "Right with passages and without any: such questions do not measure retrieval.",
    holds: ({ result, closedBook }) => result === "right" && closedBook === true,
  },
  {
    id: "astray",
    title: "right closed-book, not with passages",
    hint: "The passages led the generator away from what it knew.",
    holds: ({ result, closedBook }) => result !== "right" && closedBook === true,
  },
  {
    id: "distracted",
    title: "right with the gold alone, not with gold among others",
    hint: "The gold was there and the other passages hid it: fewer passages, or a re-ranker.",
    holds: ({ result, given, oracle }) => result !== "right" && given && oracle === true,
  },
  {
    id: "beyond",
    title: "not right even with the gold alone",
    hint: "No retriever helps: generator, prompt, reference or question.",
    holds: ({ result, oracle }) => result !== "right" && oracle === false,
  },
];
