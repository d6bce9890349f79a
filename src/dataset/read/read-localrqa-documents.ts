import type { Clock } from "../../core/contracts.ts";
import { sha256 } from "../../lib/hash.ts";
import { frontMatterOf } from "../chunk/front-matter.ts";
import { localrqaDocuments } from "../import/localrqa-documents.ts";
import type { DocumentRow } from "../row-schema.ts";
import { documentId, type ReadResult } from "./read-document.ts";

/**
 * Reads LocalRQA's `docs.jsonl`, JSON lines or an array. Rows of one `source` are sections of one page. The pages are held.
 * @param note is told how the file was read where that is not usual
 * @throws DataError with the problems of the file
 */
export async function* readLocalrqaDocuments(
  path: string,
  { clock, note = () => {} }: { readonly clock: Pick<Clock, "now">; readonly note?: (text: string) => void },
): AsyncGenerator<ReadResult> {
  const rows: DocumentRow[] = [];
  await localrqaDocuments(path, { document: async (row) => void rows.push(row) }, note);
  const fetchedAt = new Date(clock.now()).toISOString();
  for (const { _id, text, title = frontMatterOf(text).title } of rows) {
    const about = { source: _id, sha256: sha256(text), fetchedAt, format: "text" } as const;
    yield {
      document: { id: documentId(_id), ...(title === undefined ? {} : { title: title.trim() }), text, ...about },
    };
  }
}
