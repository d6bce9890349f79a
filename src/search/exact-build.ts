import { type FileHandle, mkdir, mkdtemp, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Passage } from "../core/passage.ts";
import { embedStream } from "../embed/embed-with-store.ts";
import type { Embedder } from "../embed/embedder.ts";
import type { VectorStore } from "../embed/vector-store.ts";
import { writeExactFile } from "./exact-file.ts";
import { Growing } from "./growing.ts";
import { compareIds, type PackedIds } from "./top-documents.ts";

export interface ExactBuildOptions {
  readonly embedder: Embedder;
  readonly store: VectorStore;
  /** Whether a passage's title is put before its text, on a line of its own. */
  readonly title: boolean;
  readonly signal: AbortSignal;
  /** Called after every window with how many passages were read, and how many of them had to be encoded. */
  readonly onProgress?: (done: number, embedded: number) => void;
}

/** Vectors that are copied at once. */
const COPY_ROWS = 4096;

/** The text of a passage as it is embedded. */
export function embeddedText({ title, text }: Passage, withTitle: boolean): string {
  return withTitle && title ? `${title}\n${text}` : text;
}

/**
 * Builds an index whole or not at all: vectors in the order of the corpus go to a draft, from there in the order of the ids
 * to the file, which is then renamed. Memory is that of the ids and of one window.
 * @throws DataError E_ENCODER_VECTOR when a vector holds NaN or infinity, E_CACHE when the folder cannot be written to
 */
export async function buildExact(
  path: string,
  key: string,
  passages: AsyncIterable<Passage>,
  options: ExactBuildOptions,
): Promise<void> {
  const { dimensions } = options.embedder;
  const disk = <T>(work: Promise<T>): Promise<T> => work.catch((error) => Promise.reject(notWritable(path, error)));
  await disk(mkdir(dirname(path), { recursive: true }));
  const folder = await disk(mkdtemp(join(dirname(path), ".writing-")));
  try {
    const unsorted = await disk(open(join(folder, "vectors"), "wx+"));
    try {
      const packed = await writeUnsorted((bytes) => disk(unsorted.appendFile(bytes)), passages, options);
      const rows = packed.idStart.length - 1;
      const order = new Uint32Array(rows).map((_, i) => i).sort((a, b) => compareIds(packed, b, a));
      const sorted = reorder(packed, order);
      const header = { key, rows, dimensions, idBytes: sorted.ids.length };
      const vectors = inOrder(unsorted, order, dimensions, options.signal);
      await disk(writeExactFile(join(folder, "index"), header, sorted, vectors));
    } finally {
      await unsorted.close();
    }
    await disk(rename(join(folder, "index"), path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeUnsorted(
  append: (bytes: Uint8Array) => Promise<void>,
  passages: AsyncIterable<Passage>,
  { embedder, store, title, signal, onProgress }: ExactBuildOptions,
): Promise<PackedIds> {
  const bytes = new Growing((length) => new Uint8Array(length));
  const starts = new Growing((length) => new Uint32Array(length));
  async function* texts(): AsyncGenerator<string> {
    for await (const passage of passages) {
      starts.push(bytes.length);
      for (const byte of Buffer.from(passage.id)) bytes.push(byte);
      yield embeddedText(passage, title);
    }
  }
  let [done, embedded] = [0, 0];
  for await (const part of embedStream(embedder, store, texts(), "passage", { signal })) {
    const bad = part.vectors.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0) throw notFinite(done + Math.floor(bad / embedder.dimensions));
    await append(new Uint8Array(part.vectors.buffer, part.vectors.byteOffset, part.vectors.byteLength));
    done += part.vectors.length / embedder.dimensions;
    embedded += part.embedded;
    onProgress?.(done, embedded);
  }
  starts.push(bytes.length);
  return {
    ids: joined(bytes, new Uint8Array(bytes.length)),
    idStart: joined(starts, new Uint32Array(starts.length)),
  };
}

function joined<T extends Uint8Array | Uint32Array>(parts: Growing<T>, into: T): T {
  let at = 0;
  for (const part of parts.drain()) {
    into.set(part, at);
    at += part.length;
  }
  return into;
}

function reorder({ ids, idStart }: PackedIds, order: Uint32Array): PackedIds {
  const sorted = new Uint8Array(ids.length);
  const starts = new Uint32Array(idStart.length);
  let at = 0;
  for (const [row, i] of order.entries()) {
    const id = ids.subarray(idStart[i], idStart[i + 1]);
    sorted.set(id, at);
    at += id.length;
    starts[row + 1] = at;
  }
  return { ids: sorted, idStart: starts };
}

/** The rows of a file in another order; those that lie side by side are read at once. */
async function* inOrder(
  file: FileHandle,
  order: Uint32Array,
  dimensions: number,
  signal: AbortSignal,
): AsyncGenerator<Float32Array> {
  const width = dimensions * 4;
  const buffer = new Uint8Array(COPY_ROWS * width);
  for (let from = 0; from < order.length; from += COPY_ROWS) {
    signal.throwIfAborted();
    const rows = order.subarray(from, from + COPY_ROWS);
    for (let i = 0; i < rows.length; ) {
      let end = i + 1;
      while (end < rows.length && rows[end] === rows[end - 1]! + 1) end += 1;
      await file.read(buffer, i * width, (end - i) * width, rows[i]! * width);
      i = end;
    }
    yield new Float32Array(buffer.buffer, 0, rows.length * dimensions);
  }
}

function notFinite(passage: number): DataError {
  const where = `the vector of passage ${passage + 1} of the corpus`;
  const fix = "embed the passage again, with the 32-bit export of the model";
  return new DataError([{ code: "E_ENCODER_VECTOR", where, expected: "finite numbers", got: "NaN or infinity", fix }]);
}

/** An error of the disk as what to do about it; any other as it is. */
function notWritable(path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  const expected = "a folder in which the index can be saved";
  const fix = "make the folder writable, free space on its disk, or name another cache folder";
  return new DataError([{ code: "E_CACHE", where: dirname(path), expected, got: code, fix }], { cause: error });
}
