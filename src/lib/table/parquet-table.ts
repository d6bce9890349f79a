import { fileWriter, ParquetWriter } from "hyparquet-writer";
import type { Cells, Column, ColumnType, TableWriter } from "./column.ts";

/** A row group is written when it has this many rows or characters of text, whichever comes first. */
const GROUP_ROWS = 10_000;
const GROUP_CHARACTERS = 32 * 1024 * 1024;

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]["schema"][number];

/**
 * A Parquet file, compressed with Snappy; one row group is held. Every column may hold nothing. `texts` are lists of
 * strings, `json` strings of Parquet's JSON type.
 */
export class ParquetTable implements TableWriter {
  readonly #columns: readonly Column[];
  readonly #writer: ParquetWriter;
  #group: unknown[][];
  #held = 0;
  #characters = 0;
  #rows = 0;

  constructor(path: string, columns: readonly Column[]) {
    this.#columns = columns;
    const root: SchemaElement = { name: "root", num_children: columns.length };
    this.#writer = new ParquetWriter({
      writer: fileWriter(path),
      schema: [root, ...columns.flatMap(elements)],
      createdBy: "plumbline",
    });
    this.#group = columns.map(() => []);
  }

  get rows(): number {
    return this.#rows;
  }

  async write(cells: Cells): Promise<void> {
    for (const [i, { type }] of this.#columns.entries()) {
      const cell = cellOf(cells[i], type);
      this.#characters += typeof cell === "string" ? cell.length : 8;
      this.#group[i]!.push(cell);
    }
    this.#held += 1;
    this.#rows += 1;
    if (this.#held >= GROUP_ROWS || this.#characters >= GROUP_CHARACTERS) await this.#flush();
  }

  async close(): Promise<void> {
    if (this.#held > 0) await this.#flush();
    await this.#writer.finish();
  }

  async #flush(): Promise<void> {
    const columnData = this.#columns.map(({ name }, i) => ({ name, data: this.#group[i]! }));
    await this.#writer.write({ columnData, rowGroupSize: this.#held });
    this.#group = this.#columns.map(() => []);
    this.#held = 0;
    this.#characters = 0;
  }
}

const PHYSICAL: Readonly<Record<Exclude<ColumnType, "texts">, Omit<SchemaElement, "name">>> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  json: { type: "BYTE_ARRAY", converted_type: "JSON" },
  integer: { type: "INT64" },
  number: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
};

function elements({ name, type }: Column): SchemaElement[] {
  if (type !== "texts") return [{ name, repetition_type: "OPTIONAL", ...PHYSICAL[type] }];
  return [
    { name, repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", ...PHYSICAL.text },
  ];
}

function cellOf(value: unknown, type: ColumnType): unknown {
  if (value === undefined || value === null) return undefined;
  return type === "integer" ? BigInt(value as number) : value;
}
