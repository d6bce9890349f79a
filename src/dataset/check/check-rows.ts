import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import type { TSchema } from "@sinclair/typebox";
import { quoteValue } from "../../lib/text.ts";
import { IdIndex } from "../id-index.ts";
import { fitsQrels } from "../read-qrels.ts";
import { fileError, readRows } from "../read-rows.ts";
import { countLines, readRow } from "../row-store.ts";
import { error, type Finding, warning } from "./finding.ts";

/** The rows of a file that were good enough to be referred to; 22 bytes each. */
export class KnownRows {
  readonly index: IdIndex;
  readonly #lines: Uint32Array;
  readonly #file: FileHandle;

  private constructor(file: FileHandle, capacity: number) {
    this.#file = file;
    this.index = new IdIndex(capacity);
    this.#lines = new Uint32Array(capacity);
  }

  /** @throws DataError when the file cannot be read */
  static async open(path: string): Promise<KnownRows> {
    const capacity = await countLines(path);
    const file = await open(path, "r").catch((cause: unknown) => {
      throw fileError(path, cause);
    });
    return new KnownRows(file, capacity);
  }

  /** Adds a row; gives the line of an earlier row with this id. */
  async add(id: string, line: number, offset: number): Promise<number | undefined> {
    const earlier = this.index.add(id, offset);
    this.#lines[this.index.size - 1] = line;
    if (earlier === -1) return undefined;
    const row = await readRow<{ _id: string }>(this.#file, this.index.offset(earlier));
    return row._id === id ? this.#lines[earlier] : undefined;
  }

  has(id: string): boolean {
    return this.index.find(id) !== -1;
  }

  /** The row of an id, read from the file. */
  async read<T extends { readonly _id: string }>(id: string): Promise<T | undefined> {
    const row = this.index.find(id);
    if (row === -1) return undefined;
    const value = await readRow<T>(this.#file, this.index.offset(row));
    return value._id === id ? value : undefined;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/**
 * Checks every row of a file against its schema and its id against all before, then what `also` finds in it.
 * Good rows are added to `known`.
 */
export async function* checkRows<R extends { readonly _id: string }>(
  path: string,
  schema: TSchema & { static: R },
  known: KnownRows,
  also: (row: R, where: (pointer: string) => string) => AsyncIterable<Finding> | Iterable<Finding>,
): AsyncGenerator<Finding> {
  for await (const row of readRows(path, schema)) {
    if (row.problems !== undefined) {
      for (const problem of row.problems) yield error(problem);
      continue;
    }
    const { value, line, offset } = row;
    const where = (pointer: string): string => `${path}:${line} ${pointer}`;
    const earlier = await known.add(value._id, line, offset);
    if (earlier !== undefined) yield duplicateId(where("/_id"), value._id, earlier);
    if (!fitsQrels(value._id)) yield unusableId(where("/_id"), value._id);
    yield* also(value, where);
  }
}

function unusableId(where: string, id: string): Finding {
  return error({
    code: "E_DATASET_ROW",
    where,
    expected: "an id without tabs, line breaks, NUL and broken characters",
    got: quoteValue(id),
    fix: "rename it: a qrels file could not hold it",
  });
}

function duplicateId(where: string, id: string, line: number): Finding {
  return error({
    code: "E_DATASET_DUPLICATE",
    where,
    expected: "an id that no other row has",
    got: `${JSON.stringify(id)}, which line ${line} has`,
    fix: "remove or rename one of the two",
  });
}

/** A byte-order mark is accepted, but other tools stumble over it. */
export async function* checkStart(path: string): AsyncGenerator<Finding> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(3), 0, 3, 0).finally(() => file.close());
  if (bytesRead < 3 || buffer.toString("utf8") !== "\ufeff") return;
  yield warning({
    code: "W_DATASET_BOM",
    where: `${path}:1`,
    expected: "UTF-8 without a byte-order mark",
    got: "a byte-order mark",
    fix: "save the file without it: other tools take it for part of the first key",
  });
}
