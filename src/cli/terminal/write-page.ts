import { join, relative, resolve } from "node:path";
import { replaceFile } from "../../lib/atomic.ts";
import { printable } from "../../lib/text.ts";
import type { StaticPageOptions } from "../../report/pages/static-page.ts";
import { type Deps, line } from "../deps.ts";

/** Writes a page that a command makes beside its table, whole or not at all. @param file as the user names it */
export async function writePage(
  make: (options: StaticPageOptions) => Promise<string>,
  file: string,
  deps: Deps,
): Promise<void> {
  const path = resolve(deps.cwd, file);
  const html = await make({
    assets: join(deps.packageRoot, "reports", "templates"),
    generatedAt: new Date(deps.clock.now()).toISOString(),
    command: deps.commandLine,
  });
  await replaceFile(path, html);
  line(deps.stderr, `page: ${printable(relative(deps.cwd, path))}`);
}
