/**
 * Lets work go on while results are being written, up to a number of them. Were each waited for, all workers whose lines go out in
 * one write would go on at the same moment, and from then on in step, with none waiting for the system while all are computing.
 */
export class WriteBehind {
  readonly #most: number;
  readonly #unwritten = new Set<Promise<void>>();
  #failed: { readonly error: unknown } | undefined;

  /** @param most results that may be unwritten, and are lost with the process, 0 or more */
  constructor(most: number) {
    this.#most = most;
  }

  /** @throws what this write or an earlier one failed with */
  async add(write: Promise<void>): Promise<void> {
    const settled = write
      .catch((error: unknown) => {
        this.#failed ??= { error };
      })
      .finally(() => this.#unwritten.delete(settled));
    this.#unwritten.add(settled);
    while (this.#unwritten.size > this.#most) await Promise.race(this.#unwritten);
    this.#raise();
  }

  /** Waits for all. @throws what the first that failed did */
  async settle(): Promise<void> {
    await Promise.all(this.#unwritten);
    this.#raise();
  }

  #raise(): void {
    if (this.#failed) throw this.#failed.error;
  }
}
