import { open } from "node:fs/promises";
import { BadArgument } from "../core/errors.ts";
import type { Dataset } from "./dataset.ts";
import { IdIndex } from "./id-index.ts";
import { layoutOf } from "./layout.ts";
import { findPairs, PLACES } from "./near-duplicates-bands.ts";
import { Groups } from "./near-duplicates-groups.ts";
import { agreement, jaccard, MinHash, shinglesOf } from "./near-duplicates-minhash.ts";
import { fileError, readRows, strictRows } from "./read-rows.ts";
import { PassageRow } from "./row-schema.ts";
import { countLines, readRow } from "./row-store.ts";

export interface NearDuplicateOptions {
  /** Least Jaccard similarity of two passages that count as near-duplicates, in (0, 1]. @default 0.8 */
  readonly threshold?: number;
  /** Words of a shingle, >= 1. @default 3 */
  readonly shingle?: number;
}

/** Passages that say nearly the same. */
export interface DuplicateGroup {
  /** In the order of the corpus, two at least. */
  readonly passages: readonly string[];
  /** Least Jaccard similarity of the pairs that hold the group together, in [threshold, 1]. */
  readonly similarity: number;
}

/** What was found. */
export interface NearDuplicates {
  readonly passages: number;
  /** Texts that differ in at least one character. */
  readonly distinctTexts: number;
  /** Groups of passages with one text, letter by letter; the largest first. */
  readonly exact: readonly (readonly string[])[];
  /** Groups that near-duplicates and exact ones together make, the largest first. */
  readonly near: readonly DuplicateGroup[];
  readonly threshold: number;
  readonly shingle: number;
}

/** The estimate of a similarity is off by more than this once in about 20,000 pairs (four standard deviations). */
const SLACK = 4 * Math.sqrt((0.8 * 0.2) / PLACES);

/**
 * Finds passages of one text, and passages whose sets of word shingles have a Jaccard similarity of at least the
 * threshold; who is like a member of a group belongs to it (single linkage). Candidates come from MinHash signatures
 * in bands (locality-sensitive hashing: a pair at the threshold is missed at most once in 1,000); each is then checked
 * with the exact similarity, so that no group is wrong. Case, punctuation and white space count for nothing.
 *
 * One pass over the corpus and reads of single rows; about 300 bytes a passage are held: 300 MB for a million. A large
 * group of passages that share bands but are not alike takes time that grows with its square.
 * @throws BadArgument when an option is out of its range; DataError when the corpus has a bad row
 */
export async function nearDuplicates(
  dataset: Pick<Dataset, "dir">,
  { threshold = 0.8, shingle = 3 }: NearDuplicateOptions = {},
): Promise<NearDuplicates> {
  if (!(threshold > 0 && threshold <= 1))
    throw new BadArgument(`threshold: expected a number in (0, 1], got ${threshold}`);
  if (!Number.isInteger(shingle) || shingle < 1) {
    throw new BadArgument(`shingle: expected a whole number >= 1, got ${shingle}`);
  }
  const { corpus } = layoutOf(dataset.dir);
  const { texts, earlier, signature, unlike } = await readTexts(corpus, shingle);
  const file = await open(corpus, "r").catch((error: unknown) => {
    throw fileError(corpus, error);
  });
  const passage = (row: number): Promise<PassageRow> => readRow<PassageRow>(file, texts.offset(row));
  try {
    const exact = new Groups(texts.size);
    const near = new Groups(texts.size);
    for (const [row, same] of earlier) for (const groups of [exact, near]) groups.join(same, row, 1);
    let held: { readonly row: number; readonly shingles: Uint32Array } | undefined;
    for (const [a, b] of findPairs(unlike, signature, threshold)) {
      if (near.same(a, b) || agreement(signature(a), signature(b)) < threshold - SLACK) continue;
      if (held?.row !== a) held = { row: a, shingles: shinglesOf((await passage(a)).text, shingle) };
      const similarity = jaccard(held.shingles, shinglesOf((await passage(b)).text, shingle));
      if (similarity >= threshold) near.join(a, b, similarity);
    }
    const named = async (groups: Groups): Promise<DuplicateGroup[]> => {
      const list: DuplicateGroup[] = [];
      for (const { members, similarity } of groups.list()) {
        const passages: string[] = [];
        for (const row of members) passages.push((await passage(row))._id);
        list.push({ passages, similarity });
      }
      return list;
    };
    return {
      passages: texts.size,
      distinctTexts: texts.size - earlier.size,
      exact: (await named(exact)).map(({ passages }) => passages),
      near: await named(near),
      threshold,
      shingle,
    };
  } finally {
    await file.close();
  }
}

/** The first pass: which rows repeat a text, and the signatures of those that do not. */
async function readTexts(corpus: string, shingle: number) {
  const capacity = await countLines(corpus);
  const texts = new IdIndex(capacity);
  const signatures = new Uint16Array(capacity * PLACES);
  const signature = (row: number): Uint16Array => signatures.subarray(row * PLACES, (row + 1) * PLACES);
  const minHash = new MinHash(PLACES);
  /** Row → the first row of the same text. */
  const earlier = new Map<number, number>();
  /** Rows of distinct texts that have words. */
  const unlike = new Uint32Array(capacity);
  let count = 0;
  for await (const { value, offset } of strictRows(readRows(corpus, PassageRow))) {
    const same = texts.add(value.text, offset);
    const row = texts.size - 1;
    if (same !== -1) {
      earlier.set(row, same);
      continue;
    }
    const shingles = shinglesOf(value.text, shingle);
    if (shingles.length === 0) continue;
    minHash.sign(shingles, signature(row));
    unlike[count++] = row;
  }
  return { texts, earlier, signature, unlike: unlike.subarray(0, count) };
}
