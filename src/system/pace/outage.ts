/** Failures in a row, without a success between them, that make an outage. */
const FAILURES = 5;
/** For so long at least; a server that is started again in less is waited for. */
const LASTING_MS = 20_000;

/**
 * Tells a server that is down from questions it cannot answer. A connection that never came about is no question's fault and
 * counts each time; any other failure (a time-out, a 5xx, a reply that breaks off) counts once a call, since one question may
 * bring a server down each time it is put.
 */
export class Outage {
  #failures = 0;
  #since = 0;
  #calls = new WeakSet<object>();

  ended(): void {
    this.#failures = 0;
    this.#calls = new WeakSet();
  }

  /**
   * @param call stands for one question's attempts
   * @param startedAt when the attempt began
   * @returns whether the server is down
   */
  failed(call: object, startedAt: number, now: number, unreached: boolean): boolean {
    if (this.#failures === 0) this.#since = startedAt;
    if (unreached || !this.#calls.has(call)) this.#failures += 1;
    this.#calls.add(call);
    return this.#failures >= FAILURES && now - this.#since >= LASTING_MS;
  }
}
