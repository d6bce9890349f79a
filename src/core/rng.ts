import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { sha256 } from "../lib/hash.ts";

/** A seeded source of random numbers. The same seed and the same calls give the same numbers on every machine. */
export interface Rng {
  /** What it was seeded with; written into logs beside the figures it made. */
  readonly seed: string;
  /** Uniform 32-bit unsigned integer. */
  uint32(): number;
  /** Uniform in [0, 1), 32 bits of resolution. */
  float(): number;
  /** Uniform integer in [0, n), without modulo bias. @param n in [1, 2^32] */
  below(n: number): number;
  /**
   * An independent stream named by a stable label. It depends on the seed and the label alone, never on how many
   * numbers were drawn before, so that adding a metric does not change another metric's interval.
   */
  fork(label: string): Rng;
}

/** @example seeded("0").fork("bootstrap/bm25/nDCG@10").float() */
export function seeded(seed: string | number): Rng {
  const name = String(seed);
  const generator = xoroshiro128plus(Number.parseInt(sha256(name).slice(0, 8), 16) | 0);
  const uint32 = (): number => generator.next() >>> 0;
  return {
    seed: name,
    uint32,
    float: () => uint32() / 0x1_0000_0000,
    below(n) {
      // Rejects the incomplete last block of the 32-bit range, so that every value is equally likely.
      const limit = 0x1_0000_0000 - (0x1_0000_0000 % n);
      for (;;) {
        const x = uint32();
        if (x < limit) return x % n;
      }
    },
    fork: (label) => seeded(`${name}/${label}`),
  };
}
