/**
 * Maps items with at most `concurrency` calls at a time, and gives the results in the order of the items. No more items
 * are taken than calls may run, so that memory stays flat.
 */
export async function* orderedMap<A, B>(
  items: AsyncIterable<A> | Iterable<A>,
  concurrency: number,
  call: (item: A) => Promise<B>,
): AsyncGenerator<B> {
  const running: Promise<B>[] = [];
  for await (const item of items) {
    const result = call(item);
    // It is awaited in its turn; until then a failure is not unhandled.
    result.catch(() => {});
    running.push(result);
    if (running.length >= concurrency) yield running.shift()!;
  }
  while (running.length > 0) yield running.shift()!;
}
