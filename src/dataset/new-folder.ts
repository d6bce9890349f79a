import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { DataError } from "../core/errors.ts";
import { replaceFolder } from "../lib/replace-folder.ts";

/**
 * Makes a folder whole or not at all: it is written beside its place and moved there when complete. A folder that is
 * replaced is deleted only when the new one stands; a kill may leave a hidden folder `.<name>-…` beside it.
 * @param into its parents are made as needed
 * @param force whether a folder that holds something may be replaced
 * @param write fills the folder it is given
 * @throws DataError when the place is taken
 */
export async function newFolder<T>(into: string, force: boolean, write: (dir: string) => Promise<T>): Promise<T> {
  const target = resolve(into);
  const files = existsSync(target) ? await readdir(target).catch(() => ["a file of that name"]) : [];
  if (files.length > 0 && !force) throw taken(into, files.length);
  let result: T | undefined;
  await replaceFolder(target, async (folder) => {
    result = await write(folder);
  });
  return result!;
}

function taken(where: string, files: number): DataError {
  const got = `${files} files there`;
  const fix = "choose another name, or replace it with --force";
  return new DataError([{ code: "E_DATASET_EXISTS", where, expected: "a folder that is new or empty", got, fix }]);
}
