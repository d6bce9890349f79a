import { basename } from "node:path";
import { BadArgument, UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { type ChunkSettings, type ChunkUnit, chunkingHash } from "../../dataset/index.ts";
import { quoteValue } from "../../lib/text.ts";

/** Most cells that one sweep looks at. */
export const MOST_CELLS = 200;

/** A key of the system file with the values it takes. */
export interface SetAxis {
  readonly path: readonly string[];
  readonly values: readonly (string | number | boolean)[];
}

/** What the command line varies. */
export interface Axes {
  readonly set: readonly SetAxis[];
  readonly chunk: readonly ChunkSettings[];
  readonly topk: readonly number[];
}

/** What the command line says, cut at commas. */
export interface WrittenAxes {
  /** `retriever.k1=0.9`, `1.2`: a value without a key belongs to the key before. */
  readonly set: readonly string[];
  /** `words:50`, `100/20`: a size without a unit belongs to the unit before. */
  readonly chunk: readonly string[];
  readonly topk: readonly number[];
  /** The folder of the encoder whose tokens are counted; only for sizes in tokens. */
  readonly encoder?: string | undefined;
  /** Whether a generator is asked, so that its keys may vary as well. */
  readonly answers: boolean;
}

/** @throws UsageError with every problem, too many cells included */
export function parseAxes(written: WrittenAxes): Axes {
  const problems: Problem[] = [];
  const set = parseSet(written.set, written.answers, problems);
  const chunk = parseChunk(written.chunk, written.encoder, problems);
  const topk = [...new Set(written.topk)].sort((a, b) => a - b);
  if (written.set.length + written.chunk.length + topk.length === 0) {
    const expected = "at least one of --set, --chunk and -k";
    problems.push(usage("the command line", expected, "none", "add for example --set retriever.k1=0.9,1.2"));
  }
  const sizes = [...set.map(({ values }) => values.length), chunk.length, topk.length];
  const cells = sizes.reduce((product, size) => product * Math.max(1, size), 1);
  if (cells > MOST_CELLS) {
    const fix =
      "leave out values or an axis; sweep one axis at a time and keep its best, coarse steps before fine ones";
    problems.push(usage("the command line", `at most ${MOST_CELLS} combinations`, String(cells), fix));
  }
  if (problems.length > 0) throw new UsageError(...problems);
  return { set, chunk, topk };
}

/** Every combination of one value per axis, the last axis fastest; of no axis, one empty combination. */
export function combinations<T>(axes: readonly (readonly T[])[]): T[][] {
  return axes.reduce<T[][]>((rows, axis) => rows.flatMap((row) => axis.map((x) => [...row, x])), [[]]);
}

/** How tables name a size: `100 words`, `100/20 words`. */
export function chunkLabel({ unit, size, overlap = 0 }: ChunkSettings): string {
  return `${size}${overlap > 0 ? `/${overlap}` : ""} ${unit}`;
}

/** Keys by the last word of their path, or by the whole path where two end alike. */
export function keyNames(axes: readonly SetAxis[]): string[] {
  const last = axes.map(({ path }) => path.at(-1)!);
  return axes.map(({ path }, i) => (last.indexOf(last[i]!) === last.lastIndexOf(last[i]!) ? last[i]! : path.join(".")));
}

function parseSet(written: readonly string[], answers: boolean, problems: Problem[]): SetAxis[] {
  const axes = new Map<string, Set<string | number | boolean>>();
  let current: Set<string | number | boolean> | undefined;
  for (const text of written) {
    const [, key, first] = /^([A-Za-z_][\w.]*)=(.*)$/s.exec(text) ?? [];
    if (key !== undefined) {
      const path = key.split(".");
      const part = path[0] === "retriever" || (answers && path[0] === "generator");
      if (!part || path.length < 2 || path.some((name) => name === "" || name === "__proto__")) {
        const fix = "name a key of the system file with dots; a generator is swept with --answers only";
        problems.push(usage("--set", "a key below retriever", quoteValue(key), fix));
      }
      current = axes.get(key) ?? new Set();
      axes.set(key, current);
    }
    const value = first ?? text;
    if (current === undefined || value === "") {
      problems.push(usage("--set", "key=value,value", quoteValue(text), "write for example retriever.k1=0.9,1.2"));
    } else current.add(scalar(value));
  }
  return Array.from(axes, ([key, values]) => ({ path: key.split("."), values: [...values] }));
}

/** A number or truth value as YAML would read it, else text. */
function scalar(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : text;
}

const UNITS: readonly ChunkUnit[] = ["words", "characters", "sentences", "tokens"];

function parseChunk(written: readonly string[], encoder: string | undefined, problems: Problem[]): ChunkSettings[] {
  const found = new Map<string, ChunkSettings>();
  let unit: string | undefined;
  for (const part of written) {
    const [, named, size, overlap] = /^(?:([a-z]+):)?(\d+)(?:\/(\d+))?$/.exec(part) ?? [];
    unit = named ?? unit;
    const known = UNITS.find((name) => name === unit);
    if (known === undefined || size === undefined) {
      const expected = `unit:size,size/overlap with a unit of ${UNITS.join(", ")}`;
      problems.push(usage("--chunk", expected, quoteValue(part), "write for example words:50,100,100/20"));
      continue;
    }
    const whose = known === "tokens" && encoder !== undefined ? { tokenizer: basename(encoder) } : {};
    const settings: ChunkSettings = { unit: known, size: Number(size), overlap: Number(overlap ?? 0), ...whose };
    try {
      found.set(chunkingHash(settings), settings);
    } catch (error) {
      if (!(error instanceof BadArgument)) throw error;
      problems.push(usage("--chunk", "a size from 1 and an overlap below it", quoteValue(part), error.message));
    }
  }
  const tokens = [...found.values()].some((settings) => settings.unit === "tokens");
  if (tokens !== (encoder !== undefined)) {
    const expected = "the folder of an encoder with sizes in tokens, and only then";
    const fix = tokens ? "add --encoder FOLDER: its tokens are counted" : "leave it out, or write --chunk tokens:200";
    problems.push(usage("--encoder", expected, encoder === undefined ? "none" : quoteValue(encoder), fix));
  }
  return [...found.values()];
}

function usage(where: string, expected: string, got: string, fix: string): Problem {
  return { code: "E_USAGE", where, expected, got, fix };
}
