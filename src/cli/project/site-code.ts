import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { hashValue } from "../../lib/hash.ts";
import { VERSION } from "../version.ts";

/** Names the installed code and templates, so that a site built with others is made anew: their sizes and times, not their contents. */
export async function siteCode(packageRoot: string): Promise<string> {
  const found: [path: string, size: number, changed: number][] = [];
  for (const folder of ["dist", "reports/templates"]) {
    const root = join(packageRoot, folder);
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])) {
      if (!entry.isFile() || entry.name.endsWith(".d.ts")) continue;
      const path = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = await stat(path);
      found.push([path.slice(root.length), size, mtimeMs]);
    }
  }
  return hashValue([VERSION, found.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
