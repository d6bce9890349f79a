import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** The files of a dataset folder: BEIR's layout and the optional files we add to it. */
export interface Layout {
  readonly manifest: string;
  readonly corpus: string;
  readonly queries: string;
  readonly qrelsFolder: string;
  /** `query-id, corpus-id, score` */
  qrels(split: string): string;
  /** `query-id, document-id, score` */
  documentQrels(split: string): string;
  /** `{"query","document","start","end","grade"}` */
  spans(split: string): string;
}

/** A split's name is part of file names, so it holds letters, digits, `_`, `-` and, not first, dots; no `.documents` last. */
export const SPLIT_NAME = /^(?!.*\.documents$)[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

const DOCUMENT_QRELS = ".documents.tsv";
const SPANS = ".spans.jsonl";

export function layoutOf(dir: string): Layout {
  const qrelsFolder = join(dir, "qrels");
  return {
    manifest: join(dir, "dataset.yaml"),
    corpus: join(dir, "corpus.jsonl"),
    queries: join(dir, "queries.jsonl"),
    qrelsFolder,
    qrels: (split) => join(qrelsFolder, `${split}.tsv`),
    documentQrels: (split) => join(qrelsFolder, `${split}${DOCUMENT_QRELS}`),
    spans: (split) => join(qrelsFolder, `${split}${SPANS}`),
  };
}

/** The names of the files in `qrels/`, sorted; none when there is no such folder. */
export async function qrelsFiles(layout: Layout): Promise<string[]> {
  try {
    return (await readdir(layout.qrelsFolder)).sort();
  } catch {
    return [];
  }
}

/** The splits that the files of `qrels/` speak of, sorted. */
export function splitsOfFiles(files: readonly string[]): string[] {
  const splits = new Set<string>();
  for (const file of files) {
    const split = [DOCUMENT_QRELS, SPANS, ".tsv"].find((ending) => file.endsWith(ending));
    if (split !== undefined) splits.add(file.slice(0, -split.length));
  }
  return [...splits].filter((s) => SPLIT_NAME.test(s)).sort();
}
