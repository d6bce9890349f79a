import { open } from "node:fs/promises";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { quoteValue, sliceCodePoints } from "../../lib/text.ts";
import { type Dataset, toPassage } from "../dataset.ts";
import { type DocumentText, openDocuments } from "../documents.ts";
import { layoutOf } from "../layout.ts";
import { fileError, readRows, strictRows } from "../read-rows.ts";
import { PassageRow } from "../row-schema.ts";
import { readRow } from "../row-store.ts";

/** The documents that the passages of a dataset come from. */
export interface SourceDocuments {
  /** In the order of the corpus. */
  readonly ids: Iterable<string>;
  /** Whether they are put together from passages, because the dataset names no documents. */
  readonly joined: boolean;
  /** @throws DataError when there is no such document */
  get(id: string): Promise<DocumentText>;
  close(): Promise<void>;
}

/**
 * Opens the documents of a dataset: those that `dataset.yaml` names, or else its passages put together again. Holds the
 * documents' ids and where their passages stand in the corpus.
 */
export async function openSourceDocuments(dataset: Pick<Dataset, "dir" | "manifest">): Promise<SourceDocuments> {
  const { corpus } = layoutOf(dataset.dir);
  const rows = new Map<string, number[]>();
  for await (const { value, offset } of strictRows(readRows(corpus, PassageRow))) {
    const { document } = toPassage(value);
    const offsets = rows.get(document);
    if (offsets) offsets.push(offset);
    else rows.set(document, [offset]);
  }
  const documents = await openDocuments(dataset.dir, dataset.manifest);
  if (documents !== undefined) {
    return {
      ids: rows.keys(),
      joined: false,
      async get(id) {
        const document = await documents.get(id);
        if (document === undefined) throw new DataError([missing(dataset.dir, id, `${dataset.manifest.documents}`)]);
        return document;
      },
      close: () => documents.close(),
    };
  }
  const file = await open(corpus, "r").catch((error: unknown) => {
    throw fileError(corpus, error);
  });
  return {
    ids: rows.keys(),
    joined: true,
    async get(id) {
      const offsets = rows.get(id);
      if (offsets === undefined) throw new DataError([missing(dataset.dir, id, "corpus.jsonl")]);
      const passages: PassageRow[] = [];
      for (const offset of offsets) passages.push(await readRow<PassageRow>(file, offset));
      const title = passages[0]!.title;
      return { text: joinPassages(passages), ...(title === undefined ? {} : { title }) };
    },
    close: () => file.close(),
  };
}

/**
 * A document's text from its passages. Where all know their place they are put there, what they share is said once, and
 * what none of them holds becomes line feeds, so that places stay the same. Otherwise they follow each other with an
 * empty line between.
 */
export function joinPassages(passages: readonly Pick<PassageRow, "text" | "start" | "end">[]): string {
  if (!passages.every(({ start, end }) => start !== undefined && end !== undefined)) {
    return passages.map(({ text }) => text).join("\n\n");
  }
  let joined = "";
  let covered = 0;
  for (const { text, start, end } of passages.toSorted((a, b) => a.start! - b.start!)) {
    if (end! <= covered) continue;
    joined += "\n".repeat(Math.max(0, start! - covered));
    joined += sliceCodePoints(text, Math.max(0, covered - start!), end! - start!);
    covered = end!;
  }
  return joined;
}

function missing(dir: string, id: string, file: string): Problem {
  return {
    code: "E_DATASET_DOCUMENT",
    where: dir,
    expected: `a document of ${file} for every passage and span`,
    got: `none with the id ${quoteValue(id)}`,
    fix: "add the document; `bench dataset check` lists all that are missing",
  };
}
