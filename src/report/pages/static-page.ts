import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadTemplates, type Page } from "./templates.ts";

export interface StaticPageOptions {
  /** The folder of the templates: `reports/templates` of the package. */
  readonly assets: string;
  /** What the page says it was made at; printed as it stands. */
  readonly generatedAt: string;
  /** The command that makes its figures again. */
  readonly command: string;
}

/** One HTML file that opens from disk: it has no script, and its style stands in it, allowed by its hash alone. */
export async function staticPage(
  page: Page,
  view: Readonly<Record<string, unknown>>,
  { assets, generatedAt, command }: StaticPageOptions,
): Promise<string> {
  const render = await loadTemplates(assets);
  const style = await readFile(join(assets, "style.css"), "utf8");
  const styleHash = createHash("sha256").update(style).digest("base64");
  return render(page, { ...view, style, styleHash, generatedAt, command });
}
