import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** The content of a file: text, bytes, or rows of a JSONL file. */
export type Content = string | Uint8Array | readonly object[];

/** A folder that is gone when the test is. */
export async function tempFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "dataset-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Writes files, by their path in it, into a folder that is gone when the test is. */
export async function tempDataset(files: Readonly<Record<string, Content>>): Promise<string> {
  const dir = await tempFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, isRows(content) ? content.map((row) => `${JSON.stringify(row)}\n`).join("") : content);
  }
  return dir;
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

function isRows(content: Content): content is readonly object[] {
  return Array.isArray(content);
}
