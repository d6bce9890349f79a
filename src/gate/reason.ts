import type { PlannedCheck } from "./plan-checks.ts";
import type { GateWord } from "./verdict.ts";

/** The sentence behind a verdict, without a full stop. */
export function reasonOf({ kind, limit }: PlannedCheck, verdict: GateWord): string {
  return SENTENCES[kind](limit)[verdict];
}

type Sentences = (limit: number) => Readonly<Record<GateWord, string>>;

const SENTENCES: Readonly<Record<PlannedCheck["kind"], Sentences>> = {
  "non-inferiority": (limit) =>
    limit === 0
      ? {
          pass: "better",
          fail: "worse",
          "cannot tell": "no difference is shown, and with min_effect 0 only one can be",
        }
      : {
          pass: `not worse by more than ${limit}`,
          fail: `worse by more than ${limit}`,
          "cannot tell": `a loss of more than ${limit} is neither shown nor ruled out`,
        },
  superiority: (limit) =>
    limit === 0
      ? { pass: "better", fail: "worse, and it should be better", "cannot tell": "neither better nor worse is shown" }
      : {
          pass: `better by at least ${limit}`,
          fail: `not better by ${limit}`,
          "cannot tell": `a gain of ${limit} is neither shown nor ruled out`,
        },
  at_least: (limit) => ({
    pass: `reaches ${limit}`,
    fail: `below ${limit}`,
    "cannot tell": `${limit} lies within the interval`,
  }),
  shift: (limit) => ({
    pass: `moved by at most ${limit}`,
    fail: `moved by more than ${limit}`,
    "cannot tell": `a shift of more than ${limit} is neither shown nor ruled out`,
  }),
  ratio: (limit) => ({
    pass: `at most ${limit} times the baseline's`,
    fail: `more than ${limit} times the baseline's`,
    "cannot tell": `${limit} times the baseline's lies within the interval`,
  }),
  at_most: (limit) => ({
    pass: `does not pass ${limit}`,
    fail: `above ${limit}`,
    "cannot tell": `${limit} lies within the interval`,
  }),
};
