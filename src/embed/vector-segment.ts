import { type FileHandle, open, readFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { KEY_BYTES } from "./key-table.ts";

/** A key and the CRC-32 of its vector. */
const ENTRY_BYTES = KEY_BYTES + 4;

/**
 * The vectors that one process kept: `<path>.f32` holds them one after another, `<path>.keys` their keys and checksums.
 * Only the process that made it appends to it, vectors before keys, so that an entry without its vector, or half of
 * either, can only stand at the end: it is left out.
 */
export class VectorSegment {
  /** Undefined in a segment to read. */
  readonly #keys: FileHandle | undefined;
  readonly #vectors: FileHandle;
  readonly #bytes: number;
  /** Of each row, to know a vector that the disk lost. */
  #checksums: Uint32Array;
  #rows: number;

  private constructor(keys: FileHandle | undefined, vectors: FileHandle, bytes: number, checksums: Uint32Array) {
    this.#keys = keys;
    this.#vectors = vectors;
    this.#bytes = bytes;
    this.#checksums = checksums;
    this.#rows = checksums.length;
  }

  get rows(): number {
    return this.#rows;
  }

  /** A new segment to append to. @throws when there is one of this name */
  static async create(path: string, dimensions: number): Promise<VectorSegment> {
    const vectors = await open(`${path}.f32`, "wx+");
    try {
      const keys = await open(`${path}.keys`, "wx+");
      return new VectorSegment(keys, vectors, dimensions * 4, new Uint32Array(0));
    } catch (error) {
      await vectors.close();
      throw error;
    }
  }

  /** A segment that is there, to read. @param onKey gets the key of each row in order */
  static async open(path: string, dimensions: number, onKey: (key: Uint8Array) => void): Promise<VectorSegment> {
    const entries = await readFile(`${path}.keys`);
    const vectors = await open(`${path}.f32`, "r");
    try {
      const bytes = dimensions * 4;
      const whole = Math.floor((await vectors.stat()).size / bytes);
      const rows = Math.min(whole, Math.floor(entries.length / ENTRY_BYTES));
      const checksums = new Uint32Array(rows);
      for (let row = 0; row < rows; row += 1) {
        const at = row * ENTRY_BYTES;
        onKey(entries.subarray(at, at + KEY_BYTES));
        checksums[row] = entries.readUInt32LE(at + KEY_BYTES);
      }
      return new VectorSegment(undefined, vectors, bytes, checksums);
    } catch (error) {
      await vectors.close();
      throw error;
    }
  }

  /** @param keys one after another @param vectors as many rows */
  async append(keys: Uint8Array, vectors: Float32Array): Promise<void> {
    const rows = keys.length / KEY_BYTES;
    const bytes = new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength);
    const entries = Buffer.alloc(rows * ENTRY_BYTES);
    const checksums = this.#roomFor(this.#rows + rows);
    for (let row = 0; row < rows; row += 1) {
      const sum = crc32(bytes.subarray(row * this.#bytes, (row + 1) * this.#bytes));
      entries.set(keys.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES), row * ENTRY_BYTES);
      entries.writeUInt32LE(sum, row * ENTRY_BYTES + KEY_BYTES);
      checksums[this.#rows + row] = sum;
    }
    // At their places, not at the end: after a write that failed half-way the next one covers its rest.
    await writeFully(this.#vectors, bytes, this.#rows * this.#bytes);
    await writeFully(this.#keys!, entries, this.#rows * ENTRY_BYTES);
    this.#checksums = checksums;
    this.#rows += rows;
  }

  #roomFor(rows: number): Uint32Array {
    if (rows <= this.#checksums.length) return this.#checksums;
    const larger = new Uint32Array(Math.max(rows, this.#checksums.length * 2));
    larger.set(this.#checksums);
    return larger;
  }

  /** Reads rows that follow each other. @returns for each whether its vector is what was written */
  async read(row: number, into: Float32Array): Promise<boolean[]> {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    const { bytesRead } = await this.#vectors.read(bytes, 0, bytes.length, row * this.#bytes);
    return Array.from({ length: bytes.length / this.#bytes }, (_, i) => {
      const end = (i + 1) * this.#bytes;
      return end <= bytesRead && crc32(bytes.subarray(i * this.#bytes, end)) === this.#checksums[row + i];
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#keys?.close(), this.#vectors.close()]);
  }
}

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}
