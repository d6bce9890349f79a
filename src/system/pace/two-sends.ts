/** Given to a request that is cut off because the other one was answered. */
const GIVEN_UP = new Error("the other of two requests was answered first");

export interface TwoSends<T> {
  /** @param begun to be called at the first byte of the answer */
  readonly first: (signal: AbortSignal, begun: () => void) => Promise<T>;
  /** @returns undefined where a second request is not to be sent after all */
  readonly second: () => ((signal: AbortSignal) => Promise<T>) | undefined;
  /** Ends when a second request is due; rejects when its signal is aborted. @default never due */
  readonly wait?: (signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Sends a request and, if its answer has not begun after a wait, the same once more. The first whole answer is taken and the other
 * request cut off; one that fails leaves it to the other.
 * @throws the first request's error when none is answered
 */
export async function twoSends<T>({ first, second, wait, signal }: TwoSends<T>): Promise<{ value: T; twice: boolean }> {
  signal.throwIfAborted();
  const control = new AbortController();
  const stop = (): void => control.abort(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  let begun = false;
  const one = first(control.signal, () => {
    begun = true;
  });
  try {
    const over = wait?.(control.signal).catch(() => undefined);
    const early = await Promise.race([one.then((value) => ({ value })), ...(over ? [over] : [])]);
    if (early) return { ...early, twice: false };
    const send = begun || signal.aborted ? undefined : second();
    if (send === undefined) return { value: await one, twice: false };
    const both = Promise.any([one, send(control.signal)]);
    return { value: await both.catch(() => one), twice: true };
  } finally {
    signal.removeEventListener("abort", stop);
    // Ends the wait, and the request whose answer is not needed.
    control.abort(GIVEN_UP);
  }
}
