import { type Static, Type } from "@sinclair/typebox";
import { BadArgument } from "../../core/errors.ts";
import { hashValue } from "../../lib/hash.ts";

/** What sizes are counted in. */
const UNITS = ["tokens", "characters", "words", "sentences"] as const;
export type ChunkUnit = (typeof UNITS)[number];

/**
 * How documents were cut, as `dataset.yaml` says it: 400 is a different size in each unit, so the unit always stands
 * beside it, and two datasets can be compared.
 */
export const Chunking = Type.Object(
  {
    unit: Type.Union(
      UNITS.map((unit) => Type.Literal(unit)),
      { description: "what size and overlap are counted in: tokens, characters, words or sentences" },
    ),
    size: Type.Integer({ minimum: 1, description: "how many units a passage has at most" }),
    overlap: Type.Integer({ minimum: 0, description: "how many units a passage shares with the one before at most" }),
    separators: Type.Array(Type.String({ minLength: 1 }), {
      description: "where to cut, the most welcome places first",
    }),
    tokenizer: Type.Optional(
      Type.String({ minLength: 1, description: "whose tokens are counted, for example all-MiniLM-L6-v2" }),
    ),
  },
  { additionalProperties: false },
);
export type Chunking = Static<typeof Chunking>;

/**
 * Where a document may be cut, the most welcome places first: Markdown headings, empty lines, lines, sentences, words.
 * A separator of white space ends the passage before it; one that opens a line (`"\n# "`) starts the next.
 */
export const SEPARATORS: readonly string[] = [
  ...["\n# ", "\n## ", "\n### ", "\n#### "],
  ...["\n\n", "\n"],
  ...[". ", "? ", "! ", " "],
];
/** LangChain's `RecursiveCharacterTextSplitter`, as LocalRQA uses it. */
export const LANGCHAIN_SEPARATORS: readonly string[] = ["\n\n", "\n", " "];
/** The list of RAFT's recipe. */
export const RAFT_SEPARATORS: readonly string[] = ["----------", "\n\n", "\n", " "];

/** How to cut documents into passages. */
export interface ChunkSettings {
  readonly unit: ChunkUnit;
  /** Units a passage has at most, >= 1. */
  readonly size: number;
  /** Units a passage shares with the one before at most, from 0 to below `size`. @default 0 */
  readonly overlap?: number;
  /** Where to cut, the most welcome places first; units are borders of last resort. @default SEPARATORS */
  readonly separators?: readonly string[];
  /** Whose tokens are counted; only for `tokens`, and only written down. */
  readonly tokenizer?: string;
}

/** The settings of well-known recipes. */
export const CHUNK_PRESETS = {
  /** LocalRQA's `process_docs.py`: 400 tokens, 50 shared. */
  localrqa: { unit: "tokens", size: 400, overlap: 50, separators: LANGCHAIN_SEPARATORS },
  /** RAFT's recipe: 1,000 characters, a tenth shared. */
  raft: { unit: "characters", size: 1000, overlap: 100, separators: RAFT_SEPARATORS },
  /** DPR's and RAG's Wikipedia: 100 words, nothing shared, cut wherever the hundredth word ends. */
  dpr: { unit: "words", size: 100, overlap: 0, separators: [] },
} as const satisfies Readonly<Record<string, ChunkSettings>>;

/**
 * The settings with their defaults filled in, as they are written down.
 * @throws BadArgument when they contradict themselves
 */
export function chunkingOf({ unit, size, overlap = 0, separators = SEPARATORS, tokenizer }: ChunkSettings): Chunking {
  if (!UNITS.includes(unit)) throw new BadArgument(`unit: expected one of ${UNITS.join(", ")}, got ${unit}`);
  if (!Number.isInteger(size) || size < 1) throw new BadArgument(`size: expected a whole number >= 1, got ${size}`);
  if (!Number.isInteger(overlap) || overlap < 0 || overlap >= size) {
    throw new BadArgument(`overlap: expected a whole number from 0 to ${size - 1} (below size), got ${overlap}`);
  }
  if (separators.length > MOST_SEPARATORS || separators.includes("")) {
    throw new BadArgument(`separators: expected at most ${MOST_SEPARATORS} strings, none empty`);
  }
  return { unit, size, overlap, separators: [...separators], ...(tokenizer === undefined ? {} : { tokenizer }) };
}

const MOST_SEPARATORS = 200;

/** SHA-256 of the settings: equal when two corpora, or training and serving, cut documents in the same way. */
export function chunkingHash(settings: ChunkSettings): string {
  return hashValue(chunkingOf(settings));
}
