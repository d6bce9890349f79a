import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Fills a folder whole or not at all: files are written to a hidden folder beside it and moved into place when all are
 * complete; files there of other names stay. A failure leaves what was there; a kill may leave a hidden folder
 * `.<name>-…` beside it.
 */
export async function writeFolder<T>(into: string, fill: (folder: string) => Promise<T>): Promise<T> {
  return beside(into, async (folder) => {
    const result = await fill(folder);
    if ((await kindOf(into)) === undefined) await rename(folder, into);
    else await moveFiles(folder, into);
    return result;
  });
}

/** {@link writeFolder} for one file. */
export async function writeFile<T>(path: string, fill: (path: string) => Promise<T>): Promise<T> {
  return beside(path, async (folder) => {
    const file = join(folder, basename(path));
    const result = await fill(file);
    await rename(file, path);
    return result;
  });
}

/** What stands at a path already: a file, a folder with something in it, or nothing (an empty folder is nothing). */
export async function standsAt(path: string): Promise<"file" | "folder" | undefined> {
  const kind = await kindOf(path);
  return kind === "folder" && (await readdir(path)).length === 0 ? undefined : kind;
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isDirectory() ? "folder" : "file";
}

async function beside<T>(path: string, use: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = await mkdtemp(join(dirname(path), `.${basename(path)}-`));
  const folder = join(temporary, "new");
  try {
    await mkdir(folder);
    return await use(folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function moveFiles(from: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(into, entry.name)];
    if (entry.isDirectory()) await moveFiles(source, target);
    else await rename(source, target);
  }
}
