import { join, relative, resolve } from "node:path";
import { findProject } from "../config/index.ts";
import { EXIT, UsageError } from "../core/errors.ts";
import { type ChunkSettings, rechunk, tokenOffsetsByWord } from "../dataset/index.ts";
import { TextTokenizer } from "../embed/text-tokenizer.ts";
import { printable } from "../lib/text.ts";
import { datasetFolder } from "./dataset-folder.ts";
import { type Deps, line } from "./deps.ts";
import { textTable } from "./text-table.ts";

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
export async function chunkDataset(name: string, options: ChunkOptions, { cwd, stdout }: Deps): Promise<number> {
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
  const result = await rechunk({
    dataset: await datasetFolder(name, cwd),
    into: join(project.datasets, into),
    settings: {
      unit,
      size,
      overlap,
      ...(separators.length > 0 && { separators }),
    },
    ...(tokenizer && { tokenOffsets: tokenOffsetsByWord((word) => tokenizer.encodeBare(word).length) }),
    rule,
    force,
  });
  line(stdout, `${relative(cwd, result.dir)}: ${result.passages} passages of ${result.documents} documents`);
  line(
    stdout,
    textTable(
      ["split", "gold spans", "mapped (lenient)", "held whole (strict)"],
      [...result.splits].map(([split, n]) => [split, ...[n.spans, n.lenient, n.strict].map(String)]),
    ),
  );
  for (const note of result.notes) line(stdout, `  note: ${printable(note)}`);
  line(stdout, `\nNext: bench dataset check ${into}`);
  return EXIT.ok;
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
