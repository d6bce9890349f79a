/** A rate that was tried, and whether the system bore it. */
export interface TriedRate {
  readonly rate: number;
  readonly borne: boolean;
}

/** Neighbouring rates closer than this are not told apart. */
const CLOSE = 1.2;
/** How far below the first rate is looked, as a divisor. */
const LOWEST = 100;
const MOST_STEPS = 16;

/**
 * The rate to try next on the way to the highest that is borne: doubles while rates are borne, halves while the lowest is not,
 * then tries the geometric middle of the two between which it lies, until they are less than 20 % apart.
 * @param first the rate to begin with, > 0
 * @returns undefined when there is nothing more to learn
 * @example nextRate(1, [{ rate: 1, borne: true }, { rate: 2, borne: false }]) // 1.41
 */
export function nextRate(first: number, tried: readonly TriedRate[]): number | undefined {
  if (tried.length === 0) return first;
  if (tried.length >= MOST_STEPS) return undefined;
  const tooFast = Math.min(...tried.flatMap(({ rate, borne }) => (borne ? [] : rate)));
  const borne = Math.max(0, ...tried.flatMap(({ rate, borne: bore }) => (bore && rate < tooFast ? rate : [])));
  if (tooFast === Number.POSITIVE_INFINITY) return tidy(borne * 2);
  if (borne === 0) return tooFast / 2 > first / LOWEST ? tidy(tooFast / 2) : undefined;
  return tooFast / borne > CLOSE ? tidy(Math.sqrt(tooFast * borne)) : undefined;
}

/** Three digits are as many as anybody reads. */
function tidy(rate: number): number {
  return Number(rate.toPrecision(3));
}
