/** What was used at a moment; `amount` may be corrected while it is in the window. */
export interface Spending {
  readonly at: number;
  amount: number;
}

/**
 * What was used in the last minute, or day: requests or tokens. The window slides, so that no stretch of its length holds more
 * than a limit that is kept to, wherever it begins.
 */
export class WindowUse {
  readonly #windowMs: number;
  /** Oldest first. What falls together within a six-hundredth of the window is one entry, so that a day is 600 of them. */
  #spent: Spending[] = [];

  /** @param windowMs > 0 */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /**
   * Milliseconds until there is room under a limit; 0 when there is now. More than the limit itself has room in an empty window.
   * @param limit > 0
   */
  waitMs(amount: number, limit: number, now: number): number {
    this.#forget(now);
    let used = this.used(now);
    let wait = 0;
    for (const entry of this.#spent) {
      if (used + amount <= limit) break;
      used -= entry.amount;
      wait = this.#end(entry) - now;
    }
    return wait;
  }

  /** @returns the entry, to be corrected by {@link settle} when the real amount is known */
  take(amount: number, now: number): Spending {
    const last = this.#spent.at(-1);
    if (last !== undefined && now - last.at < this.#grain) {
      last.amount += amount;
      return last;
    }
    const entry = { at: now, amount };
    this.#spent.push(entry);
    return entry;
  }

  /** Puts the real amount in the place of what was taken for it. */
  settle(entry: Spending, taken: number, real: number): void {
    entry.amount += real - taken;
  }

  /** What the window that ends now holds, piece by piece, oldest first. */
  spent(now: number): readonly Readonly<Spending>[] {
    this.#forget(now);
    return this.#spent;
  }

  /** What the window that ends now holds. */
  used(now: number): number {
    this.#forget(now);
    return this.#spent.reduce((sum, { amount }) => sum + amount, 0);
  }

  get #grain(): number {
    return this.#windowMs / 600;
  }

  /** An entry ends when the last amount that may have gone into it does. */
  #end({ at }: Spending): number {
    return at + this.#windowMs + this.#grain;
  }

  #forget(now: number): void {
    const first = this.#spent.findIndex((entry) => this.#end(entry) > now);
    this.#spent = first === -1 ? [] : first === 0 ? this.#spent : this.#spent.slice(first);
  }
}
