import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { DatasetManifest } from "./manifest.ts";
import { fileError, readRows, strictRows } from "./read-rows.ts";
import { DocumentRow } from "./row-schema.ts";
import { openRowStore } from "./row-store.ts";

/** A source page. */
export interface DocumentText {
  readonly text: string;
  /** Where the pages are rows of a file that says so. */
  readonly title?: string;
}

/** The source pages of a dataset. */
export interface Documents {
  /** A document; undefined when there is none of that id. */
  get(id: string): Promise<DocumentText | undefined>;
  /** The text of a document; undefined when there is none of that id. */
  text(id: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/**
 * Opens what `documents` of `dataset.yaml` names: a JSONL file, or a folder whose files are documents. The id of a
 * file is its path in the folder, with or without its extension; an id is looked up among those names and never used
 * as a path. The text read last is kept.
 * @returns undefined when the dataset names none
 * @throws DataError when the file or folder cannot be read
 */
export async function openDocuments(
  dir: string,
  manifest: Pick<DatasetManifest, "documents">,
): Promise<Documents | undefined> {
  if (manifest.documents === undefined) return undefined;
  const path = resolve(dir, manifest.documents);
  try {
    return remembering((await stat(path)).isDirectory() ? await openFolder(path) : await openFile(path));
  } catch (error) {
    throw fileError(path, error);
  }
}

type Source = Pick<Documents, "get" | "close">;

async function openFile(path: string): Promise<Source> {
  const store = await openRowStore(path, strictRows(readRows(path, DocumentRow)));
  return { get: async (id) => (await store.get([id]))[0], close: () => store.close() };
}

async function openFolder(folder: string): Promise<Source> {
  const files = new Map<string, string>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join("/");
    const bare = name.replace(/\.[^./]+$/, "");
    files.set(name, path);
    if (!files.has(bare)) files.set(bare, path);
  }
  return {
    async get(id) {
      const path = files.get(id);
      return path === undefined ? undefined : { text: await readFile(path, "utf8") };
    },
    close: async () => {},
  };
}

function remembering(source: Source): Documents {
  let last: { id: string; document: DocumentText | undefined } | undefined;
  const get = async (id: string): Promise<DocumentText | undefined> => {
    if (last?.id !== id) last = { id, document: await source.get(id) };
    return last.document;
  };
  return { get, text: async (id) => (await get(id))?.text, close: () => source.close() };
}
