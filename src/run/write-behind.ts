/** After so many pieces of work replies that have come meanwhile have their turn. */
const SLICE = 8;

/**
 * Does work that nobody waits for after what is waited for: a worker that has a reply asks the next question first, and the reply is
 * scored and written while the system is busy again. Work begins in the order in which it came; when more than a number of pieces is
 * undone, whoever brings the next one waits.
 */
export class WriteBehind {
  readonly #most: number;
  readonly #queue: (() => Promise<void>)[] = [];
  /** Pieces that are not done, those of the queue included. */
  #undone = 0;
  #scheduled = false;
  #waiting: { readonly until: number; readonly wake: () => void }[] = [];
  #failed: { readonly error: unknown } | undefined;

  /** @param most pieces that may be undone, and are lost with the process, 0 or more */
  constructor(most: number) {
    this.#most = most;
  }

  /** @throws what this piece or an earlier one failed with */
  async add(work: () => Promise<void>): Promise<void> {
    this.#queue.push(work);
    this.#undone += 1;
    this.#schedule();
    await this.#until(this.#most);
    this.#raise();
  }

  /** Waits for all. @throws what the first that failed did */
  async settle(): Promise<void> {
    await this.#until(0);
    this.#raise();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      for (const work of this.#queue.splice(0, SLICE)) void this.#do(work);
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  async #do(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#failed ??= { error };
    }
    this.#undone -= 1;
    const awake = this.#waiting.filter(({ until }) => this.#undone <= until);
    if (awake.length === 0) return;
    this.#waiting = this.#waiting.filter(({ until }) => this.#undone > until);
    for (const { wake } of awake) wake();
  }

  /** Waits until no more pieces than that are undone. */
  async #until(undone: number): Promise<void> {
    if (this.#undone > undone) await new Promise<void>((wake) => this.#waiting.push({ until: undone, wake }));
  }

  #raise(): void {
    if (this.#failed) throw this.#failed.error;
  }
}
