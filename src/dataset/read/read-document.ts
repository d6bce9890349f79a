import type { Problem } from "../../core/problem.ts";
import { quoteValue } from "../../lib/text.ts";
import type { DocumentRow } from "../row-schema.ts";

/** A page that was read from somewhere. */
export interface ReadDocument {
  /** Its path or address: the same each time it is read. */
  readonly id: string;
  readonly title?: string;
  readonly text: string;
  /** Where it was read: a file's path in its folder, or an address. */
  readonly source: string;
  /** SHA-256 of the bytes that were read. */
  readonly sha256: string;
  /** When it was read, ISO 8601 in UTC. */
  readonly fetchedAt: string;
  readonly format: DocumentFormat;
}

export type DocumentFormat = "text" | "markdown" | "html" | "pdf";

/** What a reader gives, one page after the other: a document, or why there is none. A bad page does not stop the rest. */
export type ReadResult =
  | { readonly document: ReadDocument; readonly problem?: undefined }
  | { readonly problem: Problem; readonly document?: undefined };

/** A document as a line of `documents.jsonl`. */
export function toDocumentRow({ id, title, text, ...metadata }: ReadDocument): DocumentRow {
  return { _id: id, ...(title === undefined ? {} : { title }), text, metadata };
}

/** The id of a page made safe for tab-separated files: control characters and half characters become `%XX`. */
export function documentId(source: string): string {
  return source.replace(/[\u0000-\u001f\u007f]|\p{Surrogate}/gu, (c) => {
    const code = c.charCodeAt(0);
    return code < 0x80 ? `%${code.toString(16).toUpperCase().padStart(2, "0")}` : "%EF%BF%BD";
  });
}

export function unreadable(where: string, expected: string, got: string, fix: string, code = "E_READ"): Problem {
  return { code, where: quoteValue(where).slice(1, -1), expected, got, fix };
}
