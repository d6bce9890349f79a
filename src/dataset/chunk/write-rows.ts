import { RowWriter } from "../../lib/row-writer.ts";

/** Writes lines to a new file, which is there even when there are none. @returns how many there were */
export async function writeRows(
  path: string,
  lines: AsyncIterable<string> | Iterable<string>,
  header?: string,
): Promise<number> {
  const writer = new RowWriter(path, header);
  try {
    for await (const line of lines) await writer.write(line);
  } finally {
    await writer.close(true);
  }
  return writer.rows;
}
