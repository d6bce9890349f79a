/** What the cells of a column hold. `texts` is a list of texts; `json` any value that JSON can hold. */
export type ColumnType = "text" | "integer" | "number" | "boolean" | "texts" | "json";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** The cells of a row, in the order of the columns; undefined for a cell that holds nothing. */
export type Cells = readonly unknown[];

/** A table that is being written. Rows go to disk as they come; memory is bounded. */
export interface TableWriter {
  readonly rows: number;
  write(cells: Cells): Promise<void>;
  /** Writes what is left and closes; a table without rows is a file of its own, too. */
  close(): Promise<void>;
}
