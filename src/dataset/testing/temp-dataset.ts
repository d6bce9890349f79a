import { tempFolder } from "../../lib/testing/temp-folder.ts";

/** The content of a file: text, bytes, or rows of a JSONL file. */
export type Content = string | Uint8Array | readonly object[];

/** Writes files, by their path in it, into a folder that is gone when the test is. */
export async function tempDataset(files: Readonly<Record<string, Content>>): Promise<string> {
  const written = ([name, content]: [string, Content]) => [name, isRows(content) ? jsonl(content) : content] as const;
  return tempFolder(Object.fromEntries(Object.entries(files).map(written)));
}

/** A qrels file with its header. */
export function qrels(...rows: readonly (readonly [query: string, target: string, grade: number])[]): string {
  return `query-id\tcorpus-id\tscore\n${rows.map((row) => `${row.join("\t")}\n`).join("")}`;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function jsonl(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

function isRows(content: Content): content is readonly object[] {
  return Array.isArray(content);
}
