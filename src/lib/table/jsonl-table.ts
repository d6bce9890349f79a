import { RowWriter } from "../row-writer.ts";
import type { Cells, Column, TableWriter } from "./column.ts";

/** A file of one JSON object per line; a cell that holds nothing is no key. */
export class JsonlTable implements TableWriter {
  readonly #file: RowWriter;
  readonly #columns: readonly Column[];

  constructor(path: string, columns: readonly Column[]) {
    this.#columns = columns;
    this.#file = new RowWriter(path);
  }

  get rows(): number {
    return this.#file.rows;
  }

  write(cells: Cells): Promise<void> {
    const held = this.#columns.map(({ name }, i) => [name, cells[i] ?? undefined] as const);
    return this.#file.write(JSON.stringify(Object.fromEntries(held)));
  }

  close(): Promise<void> {
    return this.#file.close(true);
  }
}
