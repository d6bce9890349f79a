/**
 * Waits for all to end, as `Promise.all` does not when one fails: what is cleaned up after them is then not written to any more.
 * @throws what the first that failed did
 */
export async function together<const T extends readonly Promise<unknown>[]>(
  ...work: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work) as Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
}
