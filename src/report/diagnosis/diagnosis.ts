import type { Estimate } from "../../core/estimate.ts";

/** The questions of a run to which one thing happened, with their share of the questions that have gold. */
export interface QuestionClass {
  /** Stable: it stands in links. */
  readonly id: "top" | "rerank" | "deep" | "missed" | "failed" | "near-duplicate" | "unjudged-top" | "tie";
  readonly title: string;
  /** What it means, and what would help. */
  readonly hint: string;
  /** Positions in the run's list of questions, ascending. */
  readonly questions: readonly number[];
  readonly share: Estimate;
}

/** Success of the questions whose words stand in their gold passage to about the same extent. */
export interface OverlapGroup {
  /** Least and greatest share of the question's words in its gold passage. */
  readonly from: number;
  readonly to: number;
  readonly success: Estimate;
}

/** Why rankings are right or wrong, from a run folder alone. Plain data: it goes through JSON unchanged. */
export interface Diagnosis {
  readonly run: string;
  /** How many passages were retrieved per question. */
  readonly depth: number;
  readonly level: number;
  /** Questions with a gold passage: the one denominator. */
  readonly n: number;
  /** Questions without, of which a ranking can be neither right nor wrong. */
  readonly withoutGold: number;
  /** Where the first gold stands. Each question is in exactly one of them. */
  readonly ranks: readonly QuestionClass[];
  /** What else happened; a question may be in several. */
  readonly causes: readonly QuestionClass[];
  /** Questions for which some near-duplicate may have been overlooked: a passage's text is not in the run folder. */
  readonly textsMissing: number;
  /** The share of questions with gold among the first k in the order given, and as the order of equal scores could make it. */
  readonly ties: readonly {
    readonly k: number;
    readonly share: number;
    readonly least: number;
    readonly most: number;
  }[];
  /** By quartiles of overlap, least first; success is gold among the first k. */
  readonly overlap: {
    readonly k: number;
    readonly groups: readonly OverlapGroup[];
    /** Questions with gold that have no overlap: no word of their own, or gold whose text is not known. */
    readonly unknown: number;
  };
}
