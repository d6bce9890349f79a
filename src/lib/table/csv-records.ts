import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";

/** Longest record that is read, in bytes. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** A record of a CSV file; `line` is where it starts, from 1. A cell with nothing in it is undefined; one written `""` is empty text. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly (string | undefined)[];
}

/** Why the rest of a file cannot be read as CSV: it would all be one cell, or is no text. */
export class CsvFault extends Error {
  readonly kind: "quoting" | "encoding";
  /** The line of the record in which it was seen. */
  readonly line: number;

  constructor(kind: CsvFault["kind"], line: number, cause: Error) {
    super(cause.message, { cause });
    this.kind = kind;
    this.line = line;
  }
}

/**
 * Streams the records of a CSV file (RFC 4180, UTF-8 with or without a byte-order mark). Blank lines are passed over;
 * records may differ in length.
 * @param quoted whether `"` quotes. Without, as in most TSV files, it is a character. @default true
 * @throws CsvFault where the quoting is broken or the bytes are no UTF-8; what reading the bytes throws, as it is
 */
export async function* csvRecords(
  bytes: AsyncIterable<Uint8Array>,
  { delimiter = ",", quoted = true }: { readonly delimiter?: "," | "\t"; readonly quoted?: boolean } = {},
): AsyncGenerator<CsvRecord> {
  // Where the record begins that is being parsed, which is ahead of the one that is being read.
  let parsing = 1;
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    quote: quoted ? '"' : false,
    relax_column_count: true,
    max_record_size: MAX_RECORD_BYTES,
    // Each by itself, so that a file of both kinds of line ends does not lose half of them.
    record_delimiter: ["\r\n", "\n", "\r"],
    on_record: (record, { lines }) => {
      parsing = lines + 1;
      return record;
    },
    cast: (value, { quoting }) => (value === "" && !quoting ? undefined : value),
  });
  // An error of either end reaches the loop below; the callback is there because pipeline asks for one.
  pipeline(decoded(bytes), parser, () => {});
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      const at = line;
      line = info.lines + 1;
      if (!isBlank(record)) yield { line: at, cells: record };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new CsvFault("quoting", parsing, error);
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") throw new CsvFault("encoding", parsing, error as Error);
    throw error;
  }
}

interface Parsed {
  readonly record: readonly (string | undefined)[];
  readonly info: { readonly lines: number };
}

function isBlank(record: Parsed["record"]): boolean {
  return record.every((cell) => cell === undefined) || (record.length === 1 && record[0]!.trim() === "");
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}
