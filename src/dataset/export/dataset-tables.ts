import type { Column } from "../../lib/table/column.ts";

/** The tables of an exported dataset, by the name of their file. */
export const DATASET_TABLES = {
  corpus: [
    { name: "_id", type: "text" },
    { name: "title", type: "text" },
    { name: "text", type: "text" },
    { name: "document", type: "text" },
    { name: "start", type: "integer" },
    { name: "end", type: "integer" },
    { name: "metadata", type: "json" },
  ],
  queries: [
    { name: "_id", type: "text" },
    { name: "text", type: "text" },
    { name: "answers", type: "texts" },
    { name: "answerable", type: "boolean" },
    { name: "tags", type: "texts" },
    { name: "history", type: "json" },
    { name: "document", type: "text" },
    { name: "split", type: "text" },
    { name: "metadata", type: "json" },
  ],
  qrels: [
    { name: "split", type: "text" },
    { name: "level", type: "text" },
    { name: "query", type: "text" },
    { name: "target", type: "text" },
    { name: "grade", type: "integer" },
  ],
  spans: [
    { name: "split", type: "text" },
    { name: "query", type: "text" },
    { name: "document", type: "text" },
    { name: "start", type: "integer" },
    { name: "end", type: "integer" },
    { name: "grade", type: "integer" },
    { name: "text", type: "text" },
  ],
} as const satisfies Readonly<Record<string, readonly Column[]>>;

export type DatasetTable = keyof typeof DATASET_TABLES;

/** The file beside the tables that says what they are, for the import that reads them back. */
export const EXPORT_FILE = "export.json";
