import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { validate } from "../config/validate.ts";
import { parseYaml } from "../config/yaml-file.ts";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { Chunking } from "./chunk/chunk-settings.ts";
import { layoutOf, qrelsFiles, SPLIT_NAME, splitsOfFiles } from "./layout.ts";
import { fileError } from "./read-rows.ts";

const Text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

/** `dataset.yaml`: what the data files cannot say about themselves. */
export const DatasetManifest = Type.Object(
  {
    id: Type.String({ minLength: 1, description: "the short name that suites refer to, for example handbook" }),
    title: Text("the name people read"),
    version: Type.Optional(Type.Union([Type.String(), Type.Number()], { description: "the version of the data" })),
    license: Text("the licence of the data, for example CC-BY-4.0"),
    language: Text("the language of the text, as an IETF tag, for example en"),
    description: Text("one or two sentences on what the data is"),
    splits: Type.Array(Type.String({ pattern: SPLIT_NAME.source }), {
      minItems: 1,
      uniqueItems: true,
      description: "the names of the splits, for example [train, eval, test]",
    }),
    documents: Text("the source pages: a folder of text files, or a JSONL file with _id and text"),
    chunking: Type.Optional(Chunking),
    references_by: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: "the models that wrote the reference answers, so that a judge of the same model is flagged",
      }),
    ),
    provenance: Type.Optional(
      Type.Unknown({
        description: "where the data came from: any text, list or map; written by `bench dataset import`",
      }),
    ),
  },
  { additionalProperties: false },
);
export type DatasetManifest = Static<typeof DatasetManifest>;

const CODE = "E_DATASET_MANIFEST";

/**
 * Reads `dataset.yaml`. Without one the folder is taken as plain BEIR: its id is the folder's name and its splits are
 * those of the files in `qrels/`.
 * @throws DataError when the folder is no dataset or the file is wrong, with all that is wrong
 */
export async function readManifest(dir: string): Promise<DatasetManifest> {
  const layout = layoutOf(dir);
  let text: string;
  try {
    text = await readFile(layout.manifest, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw fileError(layout.manifest, error);
    const splits = splitsOfFiles(await qrelsFiles(layout));
    if (splits.length === 0) throw new DataError([noDataset(dir)]);
    return { id: basename(resolve(dir)), splits };
  }
  const file = parseYaml(text, layout.manifest, layout.manifest, CODE);
  const checked = validate(DatasetManifest, file.value, CODE, file.locate);
  if (!checked.ok) throw new DataError(checked.problems);
  return checked.value;
}

function noDataset(dir: string): Problem {
  return {
    code: "E_DATASET_MISSING",
    where: dir,
    expected: "a folder with dataset.yaml, or with corpus.jsonl, queries.jsonl and qrels/<split>.tsv",
    got: "neither dataset.yaml nor a file in qrels/",
    fix: "check the path, or make a dataset with `bench dataset import`",
  };
}
