import type { Rng } from "../../core/rng.ts";
import { logGamma } from "../incomplete-beta.ts";
import { RandomWords } from "../random-words.ts";

const BLOCK = 1024;
/** Below this mean counting up the probabilities is quicker, and the rejection method is not defined. */
const REJECTION_FROM = 10;

/**
 * Binomial random numbers, exact up to the 32 bits of their uniforms: inversion for small means, else transformed
 * rejection with squeeze (BTRS), whose time does not grow with n. They make a resample of many items of few kinds a matter
 * of the kinds. Source: Hörmann, J. Statistical Computation and Simulation 46, 1993.
 */
export class BinomialDraws {
  readonly #words = new Uint32Array(BLOCK);
  readonly #source: RandomWords;
  #next = BLOCK;

  constructor(rng: Rng) {
    this.#source = new RandomWords(rng);
  }

  /** How many of n succeed. @param n whole, from 0 @param p in [0, 1] */
  draw(n: number, p: number): number {
    if (n === 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - this.draw(n, 1 - p);
    return n * p < REJECTION_FROM ? this.#inversion(n, p) : this.#rejection(n, p);
  }

  /** In (0, 1). */
  #uniform(): number {
    if (this.#next === BLOCK) {
      this.#source.fill(this.#words);
      this.#next = 0;
    }
    return (this.#words[this.#next++]! + 0.5) / 0x1_0000_0000;
  }

  #inversion(n: number, p: number): number {
    const odds = p / (1 - p);
    let chance = (1 - p) ** n;
    let rest = this.#uniform() - chance;
    let k = 0;
    while (rest > 0 && k < n) {
      k += 1;
      chance *= (odds * (n - k + 1)) / k;
      rest -= chance;
    }
    return k;
  }

  #rejection(n: number, p: number): number {
    const spread = Math.sqrt(n * p * (1 - p));
    const b = 1.15 + 2.53 * spread;
    const a = -0.0873 + 0.0248 * b + 0.01 * p;
    const centre = n * p + 0.5;
    const squeeze = 0.92 - 4.2 / b;
    const alpha = (2.83 + 5.1 / b) * spread;
    const mode = Math.floor((n + 1) * p);
    const logOdds = Math.log(p / (1 - p));
    const top = logGamma(mode + 1) + logGamma(n - mode + 1);
    for (;;) {
      const u = this.#uniform() - 0.5;
      const v = this.#uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + centre);
      if (k < 0 || k > n) continue;
      if (us >= 0.07 && v <= squeeze) return k;
      const bound = top - logGamma(k + 1) - logGamma(n - k + 1) + (k - mode) * logOdds;
      if (Math.log((v * alpha) / (a / (us * us) + b)) <= bound) return k;
    }
  }
}
