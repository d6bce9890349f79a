import { stringify } from "csv-stringify/sync";
import { RowWriter } from "../row-writer.ts";
import type { Cells, Column, TableWriter } from "./column.ts";
import { escapeFormula } from "./csv-formula.ts";

/** Whether text cells that a spreadsheet would run as formulas get an apostrophe (`escape`) or stay as they are (`keep`). */
export type Formulas = "escape" | "keep";

/**
 * A CSV file: RFC 4180, UTF-8, CRLF, a header. Lists and objects are JSON, truth values `true` and `false`. A cell that
 * holds nothing is empty, one of empty text is `""`, so that both come back.
 */
export class CsvTable implements TableWriter {
  readonly #file: RowWriter;
  readonly #columns: readonly Column[];
  readonly #formulas: Formulas;

  constructor(path: string, columns: readonly Column[], formulas: Formulas) {
    this.#columns = columns;
    this.#formulas = formulas;
    this.#file = new RowWriter(path, line(columns.map(({ name }) => name)));
  }

  get rows(): number {
    return this.#file.rows;
  }

  write(cells: Cells): Promise<void> {
    return this.#file.write(line(this.#columns.map(({ type }, i) => this.#cell(cells[i], type))));
  }

  close(): Promise<void> {
    return this.#file.close(true);
  }

  #cell(value: unknown, type: Column["type"]): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (type === "texts" || type === "json") return JSON.stringify(value);
    if (type !== "text") return String(value);
    return this.#formulas === "escape" ? escapeFormula(String(value)) : String(value);
  }
}

/** Without its line feed, which the file adds: the carriage return before it stays. */
function line(cells: readonly (string | undefined)[]): string {
  return stringify([[...cells]], {
    record_delimiter: "\r\n",
    quoted_empty: false,
    quoted_match: [/^$/, /[\r\n]/],
  }).slice(0, -1);
}
