import { createHash, type Hash } from "node:crypto";
import { type FileHandle, mkdir, mkdtemp, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Bm25Arrays, pairNumbers } from "./bm25-arrays.ts";

/**
 * One index in one file: the magic, the length of a JSON header, the header, then the arrays one after another, each at a
 * multiple of 8 bytes, and at the end the SHA-256 of everything before it. The arrays are in the machine's byte order, so
 * that they are used as they lie; the mark in the header is misread on a machine of the other order and the file refused.
 */
const MAGIC = "PLBM25\n";
const VERSION = 2;
const ORDER_MARK = 0x01020304;
const CHUNK = 1 << 24;
const DIGEST_BYTES = 32;
const PREFIX_BYTES = 16;

const LAYOUT = [
  ["ids", Uint8Array],
  ["idStart", Uint32Array],
  ["lengths", Uint32Array],
  ["termUnits", Uint16Array],
  ["termStart", Uint32Array],
  ["postingStart", Uint32Array],
  ["postingDocument", Uint32Array],
  ["pairFrequency", Uint32Array],
  ["pairLength", Uint32Array],
  ["postingPair", undefined],
] as const satisfies readonly (readonly [keyof Bm25Arrays, unknown])[];

type Numbers = Uint8Array | Uint16Array | Uint32Array;
interface NumbersType {
  readonly BYTES_PER_ELEMENT: number;
  new (data: ArrayBufferLike, from: number, length: number): Numbers;
}
type Counts = Record<keyof Bm25Arrays, number>;

/** What the numbers of an array are stored as. */
function typeOf(type: (typeof LAYOUT)[number][1], counts: Counts): NumbersType {
  return type ?? pairNumbers(counts.pairFrequency);
}

interface Header {
  readonly version: number;
  /** What the index was made from; see `openBm25`. */
  readonly key: string;
  readonly counts: Counts;
}

/**
 * Writes an index whole or not at all: into a folder beside its place, flushed, then renamed. Two processes that write the
 * same index do not disturb each other.
 */
export async function writeBm25File(path: string, key: string, arrays: Bm25Arrays): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const folder = await mkdtemp(join(dirname(path), ".writing-"));
  try {
    const draft = join(folder, "index");
    const file = await open(draft, "wx");
    try {
      const hash = createHash("sha256");
      const counts = Object.fromEntries(LAYOUT.map(([name]) => [name, arrays[name].length])) as Counts;
      const header = Buffer.from(JSON.stringify({ version: VERSION, key, counts } satisfies Header));
      const prefix = Buffer.alloc(PREFIX_BYTES);
      prefix.write(MAGIC, "latin1");
      new Uint32Array(prefix.buffer, prefix.byteOffset + 8, 2).set([ORDER_MARK, header.length]);
      await append(file, hash, prefix);
      await append(file, hash, header);
      await append(file, hash, padding(header.length));
      for (const [name] of LAYOUT) {
        const { buffer, byteOffset, byteLength } = arrays[name];
        await append(file, hash, new Uint8Array(buffer, byteOffset, byteLength));
        await append(file, hash, padding(byteLength));
      }
      await file.write(hash.digest());
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Reads an index into one buffer and lays the arrays over it. The buffer can be shared with other threads.
 * @returns undefined when there is no such file, or when it is not a whole and unharmed index of this version, machine
 *   and key: an index can always be built again
 */
export async function readBm25File(path: string, key: string): Promise<Bm25Arrays | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch {
    return undefined;
  }
  try {
    const { size } = await file.stat();
    if (size < PREFIX_BYTES + DIGEST_BYTES) return undefined;
    const prefix = Buffer.alloc(PREFIX_BYTES);
    await file.read(prefix, 0, PREFIX_BYTES, 0);
    const [mark, headerLength] = new Uint32Array(prefix.buffer, prefix.byteOffset + 8, 2) as unknown as [
      number,
      number,
    ];
    if (prefix.toString("latin1", 0, MAGIC.length) !== MAGIC || mark !== ORDER_MARK || headerLength > size)
      return undefined;
    const header = Buffer.alloc(headerLength);
    await file.read(header, 0, headerLength, PREFIX_BYTES);
    const counts = checkedCounts(header.toString(), key);
    if (!counts) return undefined;
    const start = aligned(PREFIX_BYTES + headerLength);
    let end = start;
    for (const [name, type] of LAYOUT) end += aligned(counts[name] * typeOf(type, counts).BYTES_PER_ELEMENT);
    if (end + DIGEST_BYTES !== size) return undefined;
    const hash = createHash("sha256").update(prefix).update(header).update(padding(headerLength));
    const data = await readAll(file, start, end - start, hash);
    const digest = Buffer.alloc(DIGEST_BYTES);
    await file.read(digest, 0, DIGEST_BYTES, end);
    if (!data || !hash.digest().equals(digest)) return undefined;
    return layOver(data, counts);
  } finally {
    await file.close();
  }
}

function checkedCounts(json: string, key: string): Counts | undefined {
  let header: Partial<Header>;
  try {
    header = JSON.parse(json) as Partial<Header>;
  } catch {
    return undefined;
  }
  const { version, counts } = header;
  if (version !== VERSION || header.key !== key || !counts) return undefined;
  return LAYOUT.every(([name]) => Number.isSafeInteger(counts[name]) && counts[name] >= 0) ? counts : undefined;
}

function layOver(data: SharedArrayBuffer, counts: Counts): Bm25Arrays {
  let at = 0;
  const arrays = LAYOUT.map(([name, type]) => {
    const view = new (typeOf(type, counts))(data, at, counts[name]);
    at += aligned(view.byteLength);
    return [name, view];
  });
  return Object.fromEntries(arrays) as Bm25Arrays;
}

async function append(file: FileHandle, hash: Hash, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, Math.min(CHUNK, bytes.length - at));
    hash.update(bytes.subarray(at, at + bytesWritten));
    at += bytesWritten;
  }
}

/** In chunks: one call reads no more than 2 GiB. */
async function readAll(
  file: FileHandle,
  from: number,
  length: number,
  hash: Hash,
): Promise<SharedArrayBuffer | undefined> {
  const data = new SharedArrayBuffer(length);
  const bytes = new Uint8Array(data);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(CHUNK, length - at), from + at);
    if (bytesRead === 0) return undefined;
    hash.update(bytes.subarray(at, at + bytesRead));
    at += bytesRead;
  }
  return data;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function padding(bytes: number): Uint8Array {
  return new Uint8Array(aligned(bytes) - bytes);
}
