import { basename, join, relative, resolve } from "node:path";
import { findProject } from "../../config/index.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import {
  type ChunkSettings,
  chunkDocuments,
  isSnapshot,
  readSnapshot,
  rechunk,
  snapshotManifest,
  type TokenOffsets,
  tokenOffsetsByWord,
} from "../../dataset/index.ts";
import { TextTokenizer } from "../../embed/text-tokenizer.ts";
import { printable } from "../../lib/text.ts";
import { type Deps, line } from "../deps.ts";
import { textTable } from "../terminal/text-table.ts";
import { datasetFolder } from "./dataset-folder.ts";

export interface ChunkOptions {
  readonly into: string | undefined;
  readonly unit: ChunkSettings["unit"];
  readonly size: number;
  readonly overlap: number;
  readonly separators: readonly string[];
  readonly encoder: string | undefined;
  readonly rule: "lenient" | "strict";
  readonly force: boolean;
}

/**
 * Carries out `bench dataset chunk`.
 * @returns the exit code
 */
export async function chunkDataset(name: string, options: ChunkOptions, deps: Deps): Promise<number> {
  const { cwd } = deps;
  const { into, unit, size, overlap, separators, encoder, rule, force } = options;
  if (into === undefined || !/^\w[\w.-]*$/.test(into)) {
    throw usage("--into", "a folder name of letters, digits, '.', '_' and '-'", into, "name the dataset: --into mine");
  }
  if (overlap >= size) throw usage("--overlap", "fewer units than --size", String(overlap), "write a smaller overlap");
  if (unit === "tokens" && encoder === undefined) {
    throw usage("--encoder", "the folder of the encoder whose tokens are counted", undefined, "add --encoder FOLDER");
  }
  const project = await findProject(cwd);
  const tokenizer = unit === "tokens" ? await TextTokenizer.open(resolve(cwd, encoder!)) : undefined;
  const folder = await datasetFolder(name, cwd);
  const cutting: Cutting = {
    into: join(project.datasets, into),
    settings: {
      unit,
      size,
      overlap,
      ...(separators.length > 0 && { separators }),
    },
    ...(tokenizer && { tokenOffsets: tokenOffsetsByWord((word) => tokenizer.encodeBare(word).length) }),
    force,
  };
  if (isSnapshot(folder)) await chunkSnapshot(folder, cutting, deps);
  else await chunkAnew(folder, cutting, rule, deps);
  return EXIT.ok;
}

interface Cutting {
  readonly into: string;
  readonly settings: ChunkSettings;
  readonly tokenOffsets?: TokenOffsets;
  readonly force: boolean;
}

/** Makes a dataset of the pages of a snapshot: it has no questions yet. */
async function chunkSnapshot(folder: string, cutting: Cutting, { cwd, stdout, signal }: Deps): Promise<void> {
  const { sha256, taken_at, source } = await snapshotManifest(folder);
  let example: string | undefined;
  async function* documents() {
    for await (const document of readSnapshot(folder)) {
      signal.throwIfAborted();
      example ??= document._id;
      yield document;
    }
  }
  const result = await chunkDocuments({
    ...cutting,
    documents: documents(),
    provenance: { snapshot: { sha256, taken_at, ...(source !== undefined && { source }) } },
  });
  const place = relative(cwd, result.dir);
  line(stdout, printable(`${place}: ${result.passages} passages of ${result.documents} documents, no questions yet`));
  line(stdout, `\nNext: write questions to ${place}/queries.jsonl, a line for each, such as`);
  line(stdout, '  {"_id":"q1","text":"Who signs the lease?","answers":["the tenant"],"split":"test"}');
  line(stdout, `and which documents answer them, for metrics such as R(gold=document)@5, to`);
  line(stdout, `${place}/qrels/test.documents.tsv, columns parted by tabs:`);
  line(stdout, "  query-id  document-id  score");
  line(stdout, `  q1        ${printable(example!)}  1`);
  line(stdout, `then: bench dataset check ${basename(result.dir)}`);
}

/** Cuts a dataset's documents anew, questions and gold with them. */
async function chunkAnew(
  folder: string,
  cutting: Cutting,
  rule: ChunkOptions["rule"],
  { cwd, stdout }: Deps,
): Promise<void> {
  const result = await rechunk({ ...cutting, dataset: folder, rule });
  line(stdout, `${relative(cwd, result.dir)}: ${result.passages} passages of ${result.documents} documents`);
  line(
    stdout,
    textTable(
      ["split", "gold spans", "mapped (lenient)", "held whole (strict)"],
      [...result.splits].map(([split, n]) => [split, ...[n.spans, n.lenient, n.strict].map(String)]),
    ),
  );
  for (const note of result.notes) line(stdout, `  note: ${printable(note)}`);
  line(stdout, `\nNext: bench dataset check ${basename(result.dir)}`);
}

function usage(where: string, expected: string, got: string | undefined, fix: string): UsageError {
  return new UsageError({
    code: "E_USAGE",
    where,
    expected,
    got: got === undefined ? "nothing" : JSON.stringify(got),
    fix,
  });
}
