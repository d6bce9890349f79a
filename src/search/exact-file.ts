import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { ExactRows } from "./exact-index.ts";
import type { PackedIds } from "./top-documents.ts";

/**
 * One index in one file: the magic, the length of a JSON header, the header, where each id starts, the ids, the vectors, and
 * the SHA-256 of everything before it. Rows are in the order of the index. Numbers are in the machine's byte order; a
 * machine of the other order misreads the mark and refuses the file.
 */
const MAGIC = "PLEXACT\n";
const VERSION = 1;
const ORDER_MARK = 0x01020304;
const PREFIX_BYTES = 16;
const DIGEST_BYTES = 32;
const CHUNK = 1 << 24;

export interface ExactHeader {
  /** What the index was made from; see `openExact`. */
  readonly key: string;
  readonly rows: number;
  readonly dimensions: number;
  readonly idBytes: number;
}

/** Writes an index to a new file, vectors as they come. @param vectors rows in the order of the index */
export async function writeExactFile(
  path: string,
  header: ExactHeader,
  { ids, idStart }: PackedIds,
  vectors: AsyncIterable<Float32Array> | Iterable<Float32Array>,
): Promise<void> {
  const file = await open(path, "wx");
  try {
    const hash = createHash("sha256");
    const json = Buffer.from(JSON.stringify({ version: VERSION, ...header }));
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.write(MAGIC, "latin1");
    new Uint32Array(prefix.buffer, prefix.byteOffset + 8, 2).set([ORDER_MARK, json.length]);
    for (const part of [prefix, json, bytesOf(idStart), ids]) await append(file, hash, part);
    for await (const part of vectors) await append(file, hash, bytesOf(part));
    await file.write(hash.digest());
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Opens an index, all of it checked. Vectors of up to `memoryBytes` are held in memory, more are read slab by slab.
 * @returns undefined when there is no such file, or when it is not a whole and unharmed index of this version, machine and
 *   key: an index can always be built again
 */
export async function openExactFile(path: string, key: string, memoryBytes: number): Promise<ExactRows | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch {
    return undefined;
  }
  const rows = await readRows(file, key, memoryBytes).catch(() => undefined);
  if (!rows) await file.close();
  return rows;
}

async function readRows(file: FileHandle, key: string, memoryBytes: number): Promise<ExactRows | undefined> {
  const { size } = await file.stat();
  const hash = createHash("sha256");
  const prefix = Buffer.alloc(PREFIX_BYTES);
  if (!(await readFully(file, prefix, 0, hash))) return undefined;
  const [mark, length] = new Uint32Array(prefix.buffer, prefix.byteOffset + 8, 2);
  if (prefix.toString("latin1", 0, MAGIC.length) !== MAGIC || mark !== ORDER_MARK || length! > size) return undefined;
  const json = Buffer.alloc(length!);
  if (!(await readFully(file, json, PREFIX_BYTES, hash))) return undefined;
  const header = JSON.parse(json.toString()) as Partial<ExactHeader> & { version?: unknown };
  const { rows = -1, dimensions = 0, idBytes = -1 } = header;
  const start = PREFIX_BYTES + json.length + (rows + 1) * 4 + idBytes;
  const vectorBytes = rows * dimensions * 4;
  if (header.version !== VERSION || header.key !== key || start + vectorBytes + DIGEST_BYTES !== size) return undefined;
  const idStart = new Uint32Array(rows + 1);
  const ids = new Uint8Array(idBytes);
  if (!(await readFully(file, bytesOf(idStart), PREFIX_BYTES + json.length, hash))) return undefined;
  if (!(await readFully(file, ids, start - idBytes, hash))) return undefined;
  const held = vectorBytes <= memoryBytes ? new Float32Array(rows * dimensions) : undefined;
  const passing = held ? bytesOf(held) : new Uint8Array(CHUNK);
  for (let at = 0; at < vectorBytes; ) {
    const part = held ? passing : passing.subarray(0, Math.min(CHUNK, vectorBytes - at));
    if (!(await readFully(file, part, start + at, hash))) return undefined;
    at += part.length;
  }
  const digest = Buffer.alloc(DIGEST_BYTES);
  if (!(await readFully(file, digest, size - DIGEST_BYTES)) || !hash.digest().equals(digest)) return undefined;

  const text = Buffer.from(ids.buffer);
  let buffer = new Float32Array(0);
  return {
    rows,
    dimensions,
    idOf: (row) => text.toString("utf8", idStart[row], idStart[row + 1]),
    async read(from, to) {
      if (held) return held.subarray(from * dimensions, to * dimensions);
      const wanted = (to - from) * dimensions;
      if (buffer.length < wanted) buffer = new Float32Array(wanted);
      const part = buffer.subarray(0, wanted);
      if (await readFully(file, bytesOf(part), start + from * dimensions * 4)) return part;
      throw new Error("the index became shorter while it was searched");
    },
    close: () => file.close(),
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** In chunks: one call moves no more than 2 GiB. */
async function append(file: FileHandle, hash: Hash, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, Math.min(CHUNK, bytes.length - at));
    hash.update(bytes.subarray(at, at + bytesWritten));
    at += bytesWritten;
  }
}

/** @returns false when the file ends before */
async function readFully(file: FileHandle, into: Uint8Array, position: number, hash?: Hash): Promise<boolean> {
  for (let at = 0; at < into.length; ) {
    const { bytesRead } = await file.read(into, at, Math.min(CHUNK, into.length - at), position + at);
    if (bytesRead === 0) return false;
    hash?.update(into.subarray(at, at + bytesRead));
    at += bytesRead;
  }
  return true;
}
