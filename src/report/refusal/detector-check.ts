import type { Estimate } from "../../core/estimate.ts";
import type { Rng } from "../../core/rng.ts";
import { truncate } from "../../lib/text.ts";
import type { RefusalVerdict } from "../../metric/index.ts";
import { estimateMean } from "../../stats/index.ts";

/** An answer of which a person said whether it is a refusal. */
export interface LabelledAnswer {
  readonly id: string;
  readonly text: string;
  readonly refused: boolean;
}

/** An answer on which detector and label disagree. */
export interface Disagreement {
  readonly id: string;
  /** The beginning of the answer. */
  readonly text: string;
  /** The rule that flagged it; `none` for a missed one. */
  readonly rule: string;
}

/** How well a refusal detector does on labelled answers. Plain data: it goes through JSON unchanged. */
export interface DetectorCheck {
  readonly n: number;
  /** Labelled answers without a verdict of the judge; they are in no figure. */
  readonly undecided: number;
  /** Counts by label and verdict. */
  readonly confusion: {
    readonly refusalFlagged: number;
    readonly refusalMissed: number;
    readonly answerFlagged: number;
    readonly answerPassed: number;
  };
  /** Labelled refusals among those flagged; Wilson. */
  readonly precision: Estimate;
  /** Flagged among the labelled refusals; Wilson. */
  readonly recall: Estimate;
  /** What each rule flagged and how much of it rightly, most first. */
  readonly rules: readonly { readonly rule: string; readonly flagged: number; readonly right: number }[];
  /** Labelled refusals that passed as answers. */
  readonly missed: readonly Disagreement[];
  /** Answers that were flagged as refusals. */
  readonly false: readonly Disagreement[];
}

/** Characters kept of an answer that is listed. */
const LONGEST_TEXT = 300;

/** Counts a detector's verdicts against labels, one answer at a time; held are the disagreements alone. */
export class DetectorTally {
  readonly #rules = new Map<string, { flagged: number; right: number }>();
  readonly #missed: Disagreement[] = [];
  readonly #false: Disagreement[] = [];
  #refusalFlagged = 0;
  #answerPassed = 0;
  #undecided = 0;

  /** @param verdict undefined where a judge has to say and did not */
  add({ id, text, refused }: LabelledAnswer, verdict: RefusalVerdict | undefined): void {
    if (verdict === undefined) {
      this.#undecided += 1;
      return;
    }
    if (verdict.refused) {
      const count = this.#rules.get(verdict.rule) ?? { flagged: 0, right: 0 };
      count.flagged += 1;
      if (refused) count.right += 1;
      this.#rules.set(verdict.rule, count);
    }
    if (verdict.refused === refused) {
      if (refused) this.#refusalFlagged += 1;
      else this.#answerPassed += 1;
    } else {
      (refused ? this.#missed : this.#false).push({ id, text: truncate(text, LONGEST_TEXT), rule: verdict.rule });
    }
  }

  /** @param level confidence level in (0, 1) */
  check(level: number, rng: Rng): DetectorCheck {
    const confusion = {
      refusalFlagged: this.#refusalFlagged,
      refusalMissed: this.#missed.length,
      answerFlagged: this.#false.length,
      answerPassed: this.#answerPassed,
    };
    const { refusalFlagged, refusalMissed, answerFlagged, answerPassed } = confusion;
    const share = (of: number, rest: number): Estimate => {
      const values = new Float64Array(of + rest).fill(1, 0, of);
      return estimateMean({ values, failed: 0, unscored: 0 }, { level, proportion: true, rng });
    };
    return {
      n: refusalFlagged + refusalMissed + answerFlagged + answerPassed,
      undecided: this.#undecided,
      confusion,
      precision: share(refusalFlagged, answerFlagged),
      recall: share(refusalFlagged, refusalMissed),
      rules: Array.from(this.#rules, ([rule, counts]) => ({ rule, ...counts })).sort((a, b) => b.flagged - a.flagged),
      missed: this.#missed,
      false: this.#false,
    };
  }
}
