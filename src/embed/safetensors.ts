import { type FileHandle, open } from "node:fs/promises";
import type { DataError } from "../core/errors.ts";
import { quoteValue } from "../lib/text.ts";
import { encoderError } from "./encoder-problem.ts";
import { isObject } from "./json-file.ts";

/** A tensor as the header of a safetensors file describes it. */
export interface TensorInfo {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** [start, end) in the file, in bytes. */
  readonly start: number;
  readonly end: number;
}

/** Longest header that is read; safetensors' own limit. */
const MAX_HEADER_BYTES = 100_000_000;
/** One call reads no more than 2 GiB. */
const CHUNK = 1 << 28;
const BYTES: ReadonlyMap<string, number> = new Map([
  ["F32", 4],
  ["F16", 2],
  ["BF16", 2],
]);

/** A safetensors file: an 8-byte length, a JSON header, and the tensors, little-endian and row-major. */
export class Safetensors {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle, tensors: ReadonlyMap<string, TensorInfo>) {
    this.path = path;
    this.#file = file;
    this.tensors = tensors;
  }

  /** @throws DataError E_ENCODER_WEIGHTS when the file is missing, cut short or no safetensors file */
  static async open(path: string): Promise<Safetensors> {
    let file: FileHandle;
    try {
      file = await open(path, "r");
    } catch (error) {
      throw weights(path, "a safetensors file", (error as NodeJS.ErrnoException).code ?? "an unreadable file");
    }
    try {
      return new Safetensors(path, file, await readHeader(path, file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * A whole tensor as 32-bit floats.
   * @throws DataError E_ENCODER_WEIGHTS when there is no such tensor, or one of other numbers than F32, F16 and BF16
   */
  async read(name: string): Promise<{ shape: readonly number[]; data: Float32Array }> {
    const info = this.tensors.get(name);
    if (!info) throw weights(this.path, `a tensor ${quoteValue(name)}`, "none of that name");
    const { dtype, shape, start, end } = info;
    const width = BYTES.get(dtype);
    if (!width) throw weights(this.path, `F32, F16 or BF16 in ${quoteValue(name)}`, quoteValue(dtype));
    const bytes = new Uint8Array(end - start);
    await readFully(this.#file, bytes, start);
    return { shape, data: decode(dtype, bytes) };
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function readHeader(path: string, file: FileHandle): Promise<Map<string, TensorInfo>> {
  const { size } = await file.stat();
  const prefix = Buffer.alloc(8);
  if (size >= 8) await file.read(prefix, 0, 8, 0);
  const length = Number(prefix.readBigUInt64LE());
  if (size < 8 || length > MAX_HEADER_BYTES || 8 + length > size) {
    throw weights(path, "a safetensors header", `a file of ${size} bytes that is cut off or of another format`);
  }
  const json = Buffer.alloc(length);
  await readFully(file, json, 8);
  let header: unknown;
  try {
    header = JSON.parse(json.toString());
  } catch {
    throw weights(path, "a JSON header", "other text");
  }
  const tensors = new Map<string, TensorInfo>();
  for (const [name, value] of Object.entries(isObject(header) ? header : {})) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets } = isObject(value) ? value : {};
    if (typeof dtype !== "string" || !naturals(shape) || !naturals(data_offsets) || data_offsets.length !== 2) {
      throw weights(path, `dtype, shape and data_offsets of ${quoteValue(name)}`, "other values");
    }
    const [from, to] = data_offsets as [number, number];
    const width = BYTES.get(dtype);
    const bytes = width && shape.reduce((product, n) => product * n, width);
    if (to < from || 8 + length + to > size || (bytes && bytes !== to - from)) {
      throw weights(path, `the bytes of ${quoteValue(name)}`, "offsets that do not fit its shape or the file");
    }
    tensors.set(name, { dtype, shape, start: 8 + length + from, end: 8 + length + to });
  }
  return tensors;
}

function naturals(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

async function readFully(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < into.length; ) {
    const { bytesRead } = await file.read(into, at, Math.min(CHUNK, into.length - at), position + at);
    if (bytesRead === 0) throw new Error("the file became shorter while it was read");
    at += bytesRead;
  }
}

function decode(dtype: string, bytes: Uint8Array): Float32Array {
  if (dtype === "F32") return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const bits = new Uint32Array(halves.length);
  const widen = dtype === "BF16" ? (h: number): number => h << 16 : float16Bits;
  for (let i = 0; i < halves.length; i += 1) bits[i] = widen(halves[i]!);
  return new Float32Array(bits.buffer);
}

/** The bits of the 32-bit float that equals a 16-bit one (IEEE 754 binary16). */
export function float16Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  let exponent = (half >> 10) & 0x1f;
  let fraction = half & 0x3ff;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent === 0) {
    if (fraction === 0) return sign;
    // A subnormal half is a normal float: its leading one moves to the implicit place.
    exponent = 1;
    while (!(fraction & 0x400)) {
      fraction <<= 1;
      exponent -= 1;
    }
    fraction &= 0x3ff;
  }
  return sign | ((exponent + 112) << 23) | (fraction << 13);
}

function weights(where: string, expected: string, got: string): DataError {
  const fix = "copy the model's folder again, or export the model anew";
  return encoderError("E_ENCODER_WEIGHTS", where, [expected, got, fix]);
}
