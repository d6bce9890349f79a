import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { UnavailableError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";

/** What is used of an index of faiss-node. It takes and gives plain arrays. */
export interface NativeIndex {
  ntotal(): number;
  isTrained(): boolean;
  train(vectors: readonly number[]): void;
  add(vectors: readonly number[]): void;
  /** Rows of the k nearest of every query, −1 where fewer were found. @param k at most `ntotal()` */
  search(queries: readonly number[], k: number): { readonly labels: number[]; readonly distances: number[] };
  write(path: string): void;
  toBuffer(): Buffer;
}

export interface Faiss {
  readonly Index: {
    fromFactory(dimensions: number, description: string, metric: number): NativeIndex;
    fromBuffer(bytes: Buffer): NativeIndex;
    read(path: string): NativeIndex;
  };
}

export type FaissStatus =
  | { readonly available: true; readonly path: string }
  | { readonly available: false; readonly problem: Problem };

const require = createRequire(import.meta.url);
/** Where `npm run build:faiss` puts the binary, seen from `src` and from `dist` alike. */
const BUILT = fileURLToPath(
  new URL("../../.cache/faiss/node_modules/faiss-node/build/Release/faiss-node.node", import.meta.url),
);

/** Whether faiss can be used here, and how to get it where not. @param places modules to try, by name or path */
export function faissStatus(places: readonly string[] = [BUILT, "faiss-node"]): FaissStatus {
  const found = find(places);
  return "faiss" in found ? { available: true, path: found.path } : { available: false, problem: found.problem };
}

/**
 * The faiss-node package: built by this package's script, else installed beside it.
 * @throws UnavailableError E_FAISS_MISSING where there is neither, E_FAISS_BROKEN where one is there and cannot be loaded
 */
export function loadFaiss(places?: readonly string[]): Faiss {
  const found = find(places ?? [BUILT, "faiss-node"]);
  if ("faiss" in found) return found.faiss;
  throw new UnavailableError([found.problem]);
}

type Found = { readonly faiss: Faiss; readonly path: string } | { readonly problem: Problem };

function find(places: readonly string[]): Found {
  let broken: { path: string; error: unknown } | undefined;
  for (const place of places) {
    let path: string;
    try {
      path = require.resolve(place);
    } catch {
      continue;
    }
    try {
      return { faiss: require(path) as Faiss, path };
    } catch (error) {
      broken ??= { path, error };
    }
  }
  const expected = "the optional package faiss-node";
  const fix = "npm run build:faiss (needs g++, libfaiss-dev and libopenblas-dev), or write index: exact";
  if (!broken) return { problem: { code: "E_FAISS_MISSING", where: "faiss", expected, got: "no such package", fix } };
  const [got = "an error"] = String((broken.error as Error).message).split("\n");
  return { problem: { code: "E_FAISS_BROKEN", where: broken.path, expected, got, fix } };
}
