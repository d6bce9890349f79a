import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, relative, resolve, sep } from "node:path";
import { replaceFile } from "../../lib/atomic.ts";

/** What a build wrote, for the next one. In the site itself, so that the two cannot be parted. */
const MARKER = "site.json";
const STAGING = ".building-";
/** A folder that a killed build left is old enough to go after a day; a younger one may be at work. */
const LEFT_BEHIND_MS = 24 * 3600 * 1000;

/** A file or a whole folder of the site. */
interface Unit {
  /** Relative to the site, with slashes. */
  readonly path: string;
  /** What it was made from; absent for what is made anew by every build. */
  readonly key?: string;
}

/**
 * A site in the making. Everything is written to a hidden folder within the site's own and moved to its place when all of it
 * is there, `index.html` last: a build that fails or is killed leaves the site as it was. What the last build wrote and this
 * one does not is removed; files of other origin stay. What is made from the same as last time need not be made again.
 */
export class StagedSite {
  readonly #out: string;
  readonly #staging: string;
  /** The topmost folder that was made for the site. */
  readonly #made: string | undefined;
  readonly #before: ReadonlyMap<string, Unit>;
  readonly #units = new Map<string, Unit & { readonly kept?: true }>();

  private constructor(out: string, staging: string, made: string | undefined, before: readonly Unit[]) {
    this.#out = out;
    this.#staging = staging;
    this.#made = made;
    this.#before = new Map(before.map((unit) => [unit.path, unit]));
  }

  /** Begins a build. Until {@link publish} nothing in the folder changes that a reader sees. */
  static async begin(folder: string): Promise<StagedSite> {
    const out = resolve(folder);
    const made = await mkdir(out, { recursive: true });
    const staging = await mkdtemp(join(out, STAGING));
    await removeLeftBehind(out, staging);
    return new StagedSite(out, staging, made, await readMarker(out));
  }

  /** Whether the site has all of these as they were made from the same; then they are part of this build too. */
  async keep(key: string, paths: readonly string[]): Promise<boolean> {
    for (const path of paths) {
      if (this.#before.get(path)?.key !== key || !(await exists(join(this.#out, path)))) return false;
    }
    for (const path of paths) this.#units.set(path, { path, key, kept: true });
    return true;
  }

  /** Writes a file. @param path relative to the site, with slashes @param key what it is made from */
  async write(path: string, content: string | Uint8Array, key?: string): Promise<void> {
    await replaceFile(join(this.#staging, path), content);
    this.#units.set(path, unitOf(path, key));
  }

  /** A folder to fill, which then takes the place of the one of this path as a whole. */
  async folder(path: string, key?: string): Promise<string> {
    const staged = join(this.#staging, path);
    await mkdir(staged, { recursive: true });
    this.#units.set(path, unitOf(path, key));
    return staged;
  }

  /** A folder for what the build alone needs: it is gone with its end. Not there yet. */
  get scratch(): string {
    return join(this.#staging, ".scratch");
  }

  /** Puts the new site in the place of the old one. */
  async publish(): Promise<void> {
    // Without it a build that is killed from here on is followed by one that keeps nothing.
    await rm(join(this.#out, MARKER), { force: true });
    const units = [...this.#units.values()];
    const last = units.filter(({ path }) => path === "index.html");
    const replaced = join(this.#staging, ".replaced");
    for (const [i, { path, kept }] of [...units.filter((unit) => !last.includes(unit)), ...last].entries()) {
      if (kept) continue;
      const [from, to] = [join(this.#staging, path), join(this.#out, path)];
      await mkdir(dirname(to), { recursive: true });
      if ((await stat(from)).isDirectory() && (await exists(to))) {
        await mkdir(replaced, { recursive: true });
        await rename(to, join(replaced, String(i)));
      }
      await rename(from, to);
    }
    for (const { path } of this.#before.values()) if (!this.#units.has(path)) await this.#remove(path);
    const written = units.map(({ path, key }) => unitOf(path, key));
    await replaceFile(join(this.#out, MARKER), `${JSON.stringify({ schema: 1, units: written }, null, 1)}\n`);
    await rm(this.#staging, { recursive: true, force: true });
  }

  /** Gives the build up; folders made for it go too. */
  async discard(): Promise<void> {
    await rm(this.#staging, { recursive: true, force: true });
    if (this.#made !== undefined) await removeEmpty(this.#out, dirname(this.#made));
  }

  async #remove(path: string): Promise<void> {
    const target = join(this.#out, path);
    await rm(target, { recursive: true, force: true });
    await removeEmpty(dirname(target), this.#out);
  }
}

function unitOf(path: string, key: string | undefined): Unit {
  return key === undefined ? { path } : { path, key };
}

/** A marker that is damaged, or of another version, is none: then nothing is kept and nothing removed. */
async function readMarker(out: string): Promise<Unit[]> {
  const text = await readFile(join(out, MARKER), "utf8").catch(() => undefined);
  if (text === undefined) return [];
  try {
    const { schema, units } = JSON.parse(text) as { schema?: unknown; units?: unknown };
    if (schema !== 1 || !Array.isArray(units)) return [];
    return units.filter(
      (unit: Partial<Unit> | null): unit is Unit => typeof unit?.path === "string" && inside(unit.path),
    );
  } catch {
    return [];
  }
}

/** The marker is a file like any other: a path in it must not lead to what is not the site's. */
function inside(path: string): boolean {
  const plain = normalize(path);
  return plain !== "." && !isAbsolute(plain) && plain.split(sep)[0] !== "..";
}

async function removeLeftBehind(out: string, staging: string): Promise<void> {
  const { mtimeMs: now } = await stat(staging);
  for (const name of await readdir(out)) {
    const path = join(out, name);
    if (!name.startsWith(STAGING) || path === staging) continue;
    const found = await stat(path).catch(() => undefined);
    if (found && now - found.mtimeMs > LEFT_BEHIND_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Removes a folder and those it stands in, as long as they are empty. @param until this one stays */
async function removeEmpty(folder: string, until: string): Promise<void> {
  for (let at = folder; at !== until && !relative(until, at).startsWith(".."); at = dirname(at)) {
    const gone = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!gone) return;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
