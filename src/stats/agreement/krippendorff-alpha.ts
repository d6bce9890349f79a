import { BadArgument } from "../../core/errors.ts";
import { type Coefficient, estimated, notEstimable } from "./coefficient.ts";
import type { Tally } from "./tally.ts";

export const MEASUREMENT_LEVELS = ["nominal", "ordinal", "interval", "ratio"] as const;
export type MeasurementLevel = (typeof MEASUREMENT_LEVELS)[number];

/**
 * Krippendorff's α, 1 - observed ÷ expected disagreement over pairs of grades of one item, for any number of raters; an
 * item counts with as many grades as it has, those with fewer than two not at all. 1 is full agreement, 0 what chance
 * gives. The distance of two grades is 0 or 1 (`nominal`), the square of how many grades lie between them (`ordinal`),
 * (x - y)² (`interval`), ((x - y) ÷ (x + y))² (`ratio`). Not estimable when fewer than two different grades occur.
 *
 * Source: Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011.
 *
 * @throws BadArgument when `ratio` meets negative values
 * @example krippendorffAlpha(tallyGrades([[1, 2, 3], [1, 2, 2]]), "ordinal")
 */
export function krippendorffAlpha(tally: Tally, level: MeasurementLevel): Coefficient {
  const { scale, raters, rows, counts } = tally;
  const frequency = new Float64Array(scale.length);
  const given = new Int32Array(counts.length);
  let items = 0;
  for (let r = 0; r < counts.length; r++) {
    for (let a = 0; a < raters; a++) if (rows[r * raters + a]! >= 0) given[r]!++;
    if (given[r]! < 2 || counts[r] === 0) continue;
    items += counts[r]!;
    for (let a = 0; a < raters; a++) {
      const code = rows[r * raters + a]!;
      if (code >= 0) frequency[code]! += counts[r]!;
    }
  }
  if (items === 0) return notEstimable("no item has two grades", 0);
  const distance = distanceOf(scale, frequency, level);
  const total = frequency.reduce((a, b) => a + b, 0);
  const expected = expectedDistance(frequency, distance) / (total - 1);
  if (expected === 0) return notEstimable("only one grade occurs", items);
  let observed = 0;
  for (let r = 0; r < counts.length; r++) {
    if (given[r]! < 2 || counts[r] === 0) continue;
    let within = 0;
    for (let a = 1; a < raters; a++) {
      const x = rows[r * raters + a]!;
      if (x < 0) continue;
      for (let b = 0; b < a; b++) {
        const y = rows[r * raters + b]!;
        if (y >= 0 && x !== y) within += distance(x, y);
      }
    }
    observed += (2 * counts[r]! * within) / (given[r]! - 1);
  }
  return estimated(1 - observed / expected, items);
}

/** Σ n_c n_d δ(c, d) over ordered pairs of the grades that occur. */
function expectedDistance(frequency: Float64Array, distance: (i: number, j: number) => number): number {
  const occurring = [...frequency.keys()].filter((i) => frequency[i]! > 0);
  let total = 0;
  for (const i of occurring) {
    for (const j of occurring) if (j < i) total += 2 * frequency[i]! * frequency[j]! * distance(i, j);
  }
  return total;
}

function distanceOf(scale: Float64Array, frequency: Float64Array, level: MeasurementLevel) {
  switch (level) {
    case "nominal":
      return () => 1;
    case "interval":
      return (i: number, j: number) => (scale[i]! - scale[j]!) ** 2;
    case "ratio":
      if ((scale[0] ?? 0) < 0) throw new BadArgument("a ratio scale has no negative values");
      return (i: number, j: number) => ((scale[i]! - scale[j]!) / (scale[i]! + scale[j]!)) ** 2;
    case "ordinal": {
      // Half of a grade's own frequency lies on either side of it: the distance is that of mid-ranks.
      const ranks = new Float64Array(scale.length);
      let before = 0;
      for (let i = 0; i < scale.length; i++) {
        ranks[i] = before + frequency[i]! / 2;
        before += frequency[i]!;
      }
      return (i: number, j: number) => (ranks[i]! - ranks[j]!) ** 2;
    }
  }
}
