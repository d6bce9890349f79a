import { type Static, Type } from "@sinclair/typebox";
import { oneOfKinds } from "./one-of.ts";
import { words } from "./words.ts";

const strict = { additionalProperties: false } as const;
const MAX_INT32 = 0x7fff_ffff;
const whole = (minimum: number, description: string, more: { default?: number } = {}) =>
  Type.Integer({ minimum, maximum: MAX_INT32, description, ...more });

const Flat = Type.Object({ kind: Type.Literal("flat") }, strict);

const Hnsw = Type.Object(
  {
    kind: Type.Literal("hnsw"),
    M: whole(2, "neighbours of a passage in the graph", { default: 32 }),
    efConstruction: whole(
      1,
      "candidates looked at when a passage is added; graphs that several threads build differ a little from each other: with the environment variable OMP_NUM_THREADS=1 they are the same",
      { default: 40 },
    ),
    efSearch: whole(1, "candidates looked at in a search; more is slower and finds more", { default: 16 }),
  },
  strict,
);

const Ivf = Type.Object(
  {
    kind: Type.Literal("ivf"),
    nlist: whole(1, "cells the passages are parted into, at most as many as there are passages"),
    nprobe: whole(1, "cells that a search visits, at most nlist; more is slower and finds more", { default: 1 }),
  },
  strict,
);

const description =
  "exact: every passage is compared; or an index of faiss (`npm run build:faiss`) by kind flat, hnsw or ivf, parameters and defaults as faiss has them, whose recall against exact search is measured and told";
const kinds = [Flat, Hnsw, Ivf] as const;
const exact = words(["exact"], { description });

/** How the nearest vectors are found: the word `exact`, or an index of faiss with its parameters. */
export const VectorIndexSchema = Type.Unsafe<"exact" | Static<(typeof kinds)[number]>>({
  ...oneOfKinds(kinds),
  type: ["object", "string"],
  // A text is checked as a word, so that what is wrong with it is said once.
  if: { type: "string" },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
  then: exact,
  default: "exact",
  description,
});
