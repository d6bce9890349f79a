import { dirname, join } from "node:path";
import { DataError } from "../../core/errors.ts";
import { RowWriter } from "../../lib/row-writer.ts";
import { quoteValue } from "../../lib/text.ts";
import type { Layout } from "../layout.ts";
import { fitsQrels } from "../read-qrels.ts";
import type { DocumentRow } from "../row-schema.ts";
import { chunkDocument } from "./chunk-document.ts";
import type { ChunkSettings } from "./chunk-settings.ts";
import type { TokenOffsets } from "./unit-starts.ts";

/** The file beside `dataset.yaml` that holds the documents the passages were cut from. */
export const DOCUMENTS = "documents.jsonl";

/** Writes the documents and the passages they are cut into, one document at a time. */
export async function writeChunks(
  documents: AsyncIterable<DocumentRow>,
  layout: Layout,
  settings: ChunkSettings,
  tokenOffsets: TokenOffsets | undefined,
): Promise<{ documents: number; passages: number }> {
  const pages = new RowWriter(join(dirname(layout.corpus), DOCUMENTS));
  const corpus = new RowWriter(layout.corpus);
  try {
    for await (const document of documents) {
      if (!fitsQrels(document._id)) throw unfit(document._id);
      await pages.write(JSON.stringify(document));
      for (const { id, ...chunk } of chunkDocument({ id: document._id, ...document }, settings, tokenOffsets)) {
        await corpus.write(JSON.stringify({ _id: id, ...chunk }));
      }
    }
  } finally {
    await pages.close(true);
    await corpus.close(true);
  }
  return { documents: pages.rows, passages: corpus.rows };
}

function unfit(id: string): DataError {
  const expected = "a document id without tabs, line breaks, NUL and half characters: it becomes part of passage ids";
  const fix = "give the document another id";
  return new DataError([{ code: "E_DATASET_ID", where: DOCUMENTS, expected, got: quoteValue(id), fix }]);
}
