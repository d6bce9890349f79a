import type { Counts } from "./counts.ts";

/** Runs of n words; a word never holds a space, so joined runs differ where the words do. */
export function* wordNgrams(words: readonly string[], n: number): Generator<string> {
  for (let i = 0; i + n <= words.length; i += 1) yield words.slice(i, i + n).join(" ");
}

/** Runs of n characters (code points). */
export function* charNgrams(text: string, n: number): Generator<string> {
  const starts: number[] = [];
  let at = 0;
  for (const char of text) {
    starts.push(at);
    at += char.length;
  }
  starts.push(at);
  for (let i = 0; i + n < starts.length; i += 1) yield text.slice(starts[i]!, starts[i + n]!);
}

/** How many of the items `counts` has too, each as often as it has it at most; memory grows with `counts` alone. */
export function clippedMatches(items: Iterable<string>, counts: Counts): number {
  const used = new Map<string, number>();
  let matches = 0;
  for (const item of items) {
    const most = counts.get(item);
    if (most === undefined) continue;
    const before = used.get(item) ?? 0;
    if (before === most) continue;
    used.set(item, before + 1);
    matches += 1;
  }
  return matches;
}
