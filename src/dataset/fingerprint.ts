import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, join } from "node:path";
import { type Layout, qrelsFiles } from "./layout.ts";
import { fileError } from "./read-rows.ts";

/** What a dataset's numbers depend on, as hashes in lower-case hex. */
export interface Fingerprint {
  /** Of `corpus.jsonl`, `queries.jsonl` and every file of `qrels/`: names and contents. Not of the card, the manifest or the source pages, which change no number. */
  readonly sha256: string;
  /** Of the contents of `corpus.jsonl`: the key of a search index. */
  readonly corpusSha256: string;
  readonly queries: number;
  readonly passages: number;
}

interface FileFacts {
  readonly sha256: string;
  /** Lines that hold something. */
  readonly rows: number;
}

/** Hashes the files of a dataset in one pass each, whatever their size. */
export async function fingerprintOf(layout: Layout): Promise<Fingerprint> {
  const corpus = await factsOf(layout.corpus);
  const queries = await factsOf(layout.queries);
  const whole = createHash("sha256");
  const add = (name: string, facts: FileFacts): void => {
    whole.update(`${facts.sha256}  ${name}\n`);
  };
  add(basename(layout.corpus), corpus);
  add(basename(layout.queries), queries);
  for (const file of await qrelsFiles(layout)) {
    if (/\.(tsv|jsonl)$/.test(file)) add(`qrels/${file}`, await factsOf(join(layout.qrelsFolder, file)));
  }
  return { sha256: whole.digest("hex"), corpusSha256: corpus.sha256, queries: queries.rows, passages: corpus.rows };
}

async function factsOf(path: string): Promise<FileFacts> {
  try {
    return await readFacts(path);
  } catch (error) {
    throw fileError(path, error);
  }
}

async function readFacts(path: string): Promise<FileFacts> {
  const hash = createHash("sha256");
  let rows = 0;
  let blank = true;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    let from = 0;
    while (from < chunk.length) {
      const at = chunk.indexOf(10, from);
      const to = at === -1 ? chunk.length : at;
      if (blank) blank = isBlank(chunk, from, to);
      if (at === -1) break;
      if (!blank) rows += 1;
      blank = true;
      from = at + 1;
    }
  }
  return { sha256: hash.digest("hex"), rows: blank ? rows : rows + 1 };
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    const b = bytes[i]!;
    if (b !== 32 && b !== 9 && b !== 13) return false;
  }
  return true;
}
