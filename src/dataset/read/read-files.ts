import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { Clock } from "../../core/contracts.ts";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { sha256 } from "../../lib/hash.ts";
import { parseDocument } from "./parse-document.ts";
import { documentId, type ReadResult, unreadable } from "./read-document.ts";

export interface ReadFilesOptions {
  readonly clock: Pick<Clock, "now">;
  /** Largest file that is read, in bytes. @default 20 MiB */
  readonly maxBytes?: number;
}

/** Largest page that is read, in bytes. */
export const MAX_PAGE_BYTES = 20 * 1024 * 1024;

/**
 * Reads the pages of a folder and all that is in it, or a list of files, in the order of their names. A page's id is its
 * path in the folder (or below the folder that all listed files share), with its ending. Names that start with a dot,
 * `node_modules` and links are passed over in folders. One page is held at a time.
 * @throws DataError when the folder or a listed file cannot be found
 */
export async function* readFiles(
  paths: string | readonly string[],
  { clock, maxBytes = MAX_PAGE_BYTES }: ReadFilesOptions,
): AsyncGenerator<ReadResult> {
  const { folder, files } = await listFiles(typeof paths === "string" ? [paths] : paths);
  for (const file of files) {
    const name = relative(folder, file).split(sep).join("/");
    const bytes = await bytesOf(file, name, maxBytes);
    if ("code" in bytes) {
      yield { problem: bytes };
      continue;
    }
    const parsed = await parseDocument(bytes, { name });
    if ("code" in parsed) yield { problem: parsed };
    else {
      const fetchedAt = new Date(clock.now()).toISOString();
      yield { document: { id: documentId(name), ...parsed, source: name, sha256: sha256(bytes), fetchedAt } };
    }
  }
}

async function bytesOf(file: string, name: string, maxBytes: number): Promise<Uint8Array | Problem> {
  try {
    const { size } = await stat(file);
    if (size <= maxBytes) return await readFile(file);
    const fix = "leave it out, cut it, or raise the limit";
    return unreadable(name, `at most ${maxBytes} bytes`, `${size} bytes`, fix, "E_READ_SIZE");
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code;
    if (got === undefined) throw error;
    return unreadable(name, "a file that can be read", got, "check its permissions", "E_READ_FILE");
  }
}

async function listFiles(paths: readonly string[]): Promise<{ folder: string; files: string[] }> {
  const files: string[] = [];
  const folders: string[] = [];
  for (const path of paths) {
    const full = resolve(path);
    const found = await stat(full).catch(() => undefined);
    if (found === undefined) throw missing(path);
    if (!found.isDirectory()) files.push(full);
    else {
      folders.push(full);
      for await (const file of walk(full)) files.push(file);
    }
  }
  const roots = folders.length === 1 && paths.length === 1 ? folders : [...folders, ...files].map(dirname);
  const folder = roots.reduce(shared, roots[0] ?? "");
  return { folder, files: [...new Set(files)].sort((a, b) => (a < b ? -1 : 1)) };
}

async function* walk(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

/** The folder that holds both. */
function shared(a: string, b: string): string {
  let folder = a;
  while (folder !== b && !b.startsWith(folder.endsWith(sep) ? folder : folder + sep) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

function missing(path: string): DataError {
  return new DataError([
    {
      code: "E_READ_MISSING",
      where: path,
      expected: "a folder or a file",
      got: `none of the name ${basename(path)}`,
      fix: "check the path",
    },
  ]);
}
