import { BadArgument, DataError } from "../core/errors.ts";
import type { Faiss, NativeIndex } from "./faiss-module.ts";

/** The kinds of index, with parameters named as faiss names them. */
export type FaissSettings =
  | { readonly kind: "flat" }
  | {
      readonly kind: "hnsw";
      /** Neighbours of a vector in the graph. */
      readonly M: number;
      /** Candidates looked at when a vector is added, and in a search: more is slower and finds more. */
      readonly efConstruction: number;
      readonly efSearch: number;
    }
  | {
      readonly kind: "ivf";
      /** Cells the vectors are parted into, and how many of them a search visits. */
      readonly nlist: number;
      readonly nprobe: number;
    };

const INNER_PRODUCT = 0;
const MAX_INT32 = 0x7fff_ffff;
/** entry_point −1 and max_level −1 of an empty graph, then efConstruction 40 and efSearch 16, faiss' defaults. */
const EMPTY_GRAPH = Buffer.from(Int32Array.of(-1, -1, 40, 16).buffer);
/** Where an IVF index holds nlist and nprobe: after its type, dimensions, count, two reserved words, trained, metric. */
const IVF_PARAMETERS = 4 + 4 + 8 + 16 + 1 + 4;

/**
 * An empty index. faiss-node has no call that sets efConstruction, efSearch and nprobe; faiss keeps them in what it saves, so
 * they are set there, in an index that is empty and thus small.
 * @throws DataError E_FAISS_SETTINGS for values outside faiss' domain
 */
export function emptyFaiss({ Index }: Faiss, dimensions: number, rows: number, settings: FaissSettings): NativeIndex {
  check(settings, rows);
  const made = (description: string): NativeIndex => Index.fromFactory(dimensions, description, INNER_PRODUCT);
  if (settings.kind === "flat") return made("Flat");
  if (settings.kind === "hnsw") {
    const bytes = made(`HNSW${settings.M},Flat`).toBuffer();
    const at = bytes.indexOf(EMPTY_GRAPH);
    if (at < 0 || bytes.indexOf(EMPTY_GRAPH, at + 1) >= 0) throw unknownLayout(bytes);
    bytes.writeInt32LE(settings.efConstruction, at + 8);
    bytes.writeInt32LE(settings.efSearch, at + 12);
    return Index.fromBuffer(bytes);
  }
  const bytes = made(`IVF${settings.nlist},Flat`).toBuffer();
  const values = [bytes.readBigUInt64LE(IVF_PARAMETERS), bytes.readBigUInt64LE(IVF_PARAMETERS + 8)];
  if (values[0] !== BigInt(settings.nlist) || values[1] !== 1n) throw unknownLayout(bytes);
  bytes.writeBigUInt64LE(BigInt(settings.nprobe), IVF_PARAMETERS + 8);
  return Index.fromBuffer(bytes);
}

function check(settings: FaissSettings, rows: number): void {
  const { kind, ...parameters } = settings;
  const most: Record<string, number> = { nlist: rows, nprobe: kind === "ivf" ? settings.nlist : 0 };
  const problems = Object.entries(parameters).flatMap(([name, value]) => {
    const least = name === "M" ? 2 : 1;
    const highest = most[name] ?? MAX_INT32;
    if (Number.isSafeInteger(value) && value >= least && value <= highest) return [];
    const expected = `a whole number from ${least} to ${highest}`;
    const fix = name === "nlist" ? "use at most as many cells as there are passages, or kind flat" : `change ${name}`;
    return [{ code: "E_FAISS_SETTINGS", where: `${kind} index, ${name}`, expected, got: String(value), fix }];
  });
  if (problems.length > 0) throw new DataError(problems);
}

function unknownLayout(bytes: Buffer): BadArgument {
  return new BadArgument(`this faiss saves an index of type ${bytes.toString("latin1", 0, 4)} in an unknown layout`);
}
