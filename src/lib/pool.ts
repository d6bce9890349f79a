/**
 * Works on items with a bounded number of workers. An item is taken only when a worker is free, so that a million items
 * never wait as a million promises. After the first error the other workers are told to stop through the signal, and
 * the error is thrown when the last of them has.
 * @param concurrency workers, 1 or more
 */
export async function forEachLimited<T>(
  items: Iterable<T> | AsyncIterable<T>,
  concurrency: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    while (!stop.aborted) {
      try {
        const taken = iterator.next();
        const next = "then" in taken ? await taken : taken;
        if (next.done) return;
        await work(next.value, stop);
      } catch (error) {
        // A second abort changes nothing, so that the first error counts: the others may be its echo.
        failed.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  await iterator.return?.();
  if (failed.signal.aborted) throw failed.signal.reason;
}
