import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What a killed one left is old enough to go after an hour; a younger one may be at work. */
const LEFT_BEHIND_MS = 3600 * 1000;

/**
 * Puts a new folder in the place of the one that may be there, whole or not at all: it is filled in a hidden folder
 * `.<name>-…` beside it and moved when complete. A failure leaves what was there and nothing beside it; a kill may leave the
 * hidden folder, which a later call removes. Of several at once the last one's stands.
 */
export async function replaceFolder(into: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const [parent, hidden] = [dirname(into), `.${basename(into)}-`];
  await mkdir(parent, { recursive: true });
  const aside = await mkdtemp(join(parent, hidden));
  try {
    await removeLeftBehind(parent, hidden, (await stat(aside)).mtimeMs);
    const complete = join(aside, "new");
    await mkdir(complete);
    await fill(complete);
    await exchange(complete, into, aside);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function exchange(complete: string, into: string, aside: string): Promise<void> {
  for (let turn = 0; ; turn++) {
    const old = join(aside, `old-${turn}`);
    const moved = await rename(into, old).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return false;
        throw error;
      },
    );
    try {
      return await rename(complete, into);
    } catch (error) {
      // Another one has put its own there meanwhile.
      if (["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) continue;
      if (moved) await rename(old, into);
      throw error;
    }
  }
}

async function removeLeftBehind(parent: string, hidden: string, now: number): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(hidden)) continue;
    const path = join(parent, name);
    const found = await stat(path).catch(() => undefined);
    if (found && now - found.mtimeMs > LEFT_BEHIND_MS) await rm(path, { recursive: true, force: true });
  }
}
