import { BadArgument, DataError } from "../core/errors.ts";
import type { ExactRows } from "./exact-index.ts";

/**
 * Rows that are held in memory.
 * @param ids of the passages, in any order, each once
 * @param vectors row-major, in the order of the ids
 * @throws DataError E_ENCODER_VECTOR when a vector holds NaN or infinity
 */
export function exactMemory(ids: readonly string[], vectors: Float32Array, dimensions: number): ExactRows {
  if (vectors.length !== ids.length * dimensions) {
    throw new BadArgument(`${ids.length} ids need ${ids.length * dimensions} numbers, got ${vectors.length}`);
  }
  const bytes = ids.map((id) => Buffer.from(id));
  const order = [...ids.keys()].sort((a, b) => Buffer.compare(bytes[b]!, bytes[a]!));
  const sorted = new Float32Array(vectors.length);
  for (const [row, i] of order.entries()) {
    const vector = vectors.subarray(i * dimensions, (i + 1) * dimensions);
    if (!vector.every(Number.isFinite)) {
      const got = "NaN or infinity";
      const fix = "embed the passage again, with the 32-bit export of the model";
      throw new DataError([
        { code: "E_ENCODER_VECTOR", where: `the vector of passage ${ids[i]}`, expected: "finite numbers", got, fix },
      ]);
    }
    sorted.set(vector, row * dimensions);
  }
  return {
    rows: ids.length,
    dimensions,
    idOf: (row) => ids[order[row]!]!,
    read: async (from, to) => sorted.subarray(from * dimensions, to * dimensions),
    close: async () => {},
  };
}
