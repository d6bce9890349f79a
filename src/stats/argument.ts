import { BadArgument } from "../core/errors.ts";

/** @throws BadArgument unless `value` lies in the open interval (0, 1) */
export function requireFraction(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new BadArgument(`${name} must lie in the open interval (0, 1), got ${value}`);
}

/** @throws BadArgument unless `value` is a whole number of at least `least` */
export function requireCount(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new BadArgument(`${name} must be a whole number of at least ${least}, got ${value}`);
  }
}

/** @throws BadArgument at the first value that is NaN or infinite: "no value" must be dropped and counted before */
export function requireFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new BadArgument(`${name}[${i}] must be a finite number, got ${values[i]}`);
  }
}
