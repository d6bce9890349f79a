import { BadArgument } from "../../core/errors.ts";

/** `majority`: the grade that more than half of those who graded gave. `median`: the middle grade, the lower of two. */
export type PanelRule = "majority" | "median";

/** One grade for one item from several judges, or why there is none. */
export type PanelGrade =
  | { readonly state: "graded"; readonly value: number; readonly judges: number }
  | { readonly state: "ungraded"; readonly reason: "too-few-judges" | "no-majority"; readonly judges: number };

export interface PanelOptions {
  readonly rule: PanelRule;
  /** Judges that must have graded the item. Default: more than half of the panel. */
  readonly quorum?: number;
}

/**
 * The panel's grade of one item. The median of an even number is the lower of the two in the middle: a grade that a judge
 * gave, on the scale, and no more than half of the panel graded below it. A tie is no majority: it is not broken.
 *
 * @param grades one per judge; undefined where a judge failed or was not asked
 * @throws BadArgument when a grade is not finite or the quorum is not in 1 … judges
 * @example panelGrade([2, 3, 3], { rule: "majority" }) // { state: "graded", value: 3, judges: 3 }
 */
export function panelGrade(grades: readonly (number | undefined)[], options: PanelOptions): PanelGrade {
  const { rule, quorum = Math.floor(grades.length / 2) + 1 } = options;
  if (!Number.isInteger(quorum) || quorum < 1 || quorum > grades.length) {
    throw new BadArgument(`quorum must be a whole number in 1 … ${grades.length}, got ${quorum}`);
  }
  const given = grades.filter((grade) => grade !== undefined).sort((a, b) => a - b);
  const bad = given.find((grade) => !Number.isFinite(grade));
  if (bad !== undefined) throw new BadArgument(`a grade must be a finite number, got ${bad}`);
  const judges = given.length;
  if (judges < quorum) return { state: "ungraded", reason: "too-few-judges", judges };
  // What more than half gave is in the middle, too.
  const value = given[(judges - 1) >> 1]!;
  if (rule === "majority" && 2 * given.filter((grade) => grade === value).length <= judges) {
    return { state: "ungraded", reason: "no-majority", judges };
  }
  return { state: "graded", value, judges };
}
