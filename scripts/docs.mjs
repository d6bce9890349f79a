// Writes docs/reference/ from the code; with --check, writes nothing and fails when a page is not what the code says.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { setUpOrExit } from "./setup.mjs";

// What was built before the code changed would write old pages.
setUpOrExit();
const { cliReference } = await import("../dist/cli/reference.js");
const { configReference } = await import("../dist/config/reference.js");
const { metricReference } = await import("../dist/metric/reference.js");

const folder = new URL("../docs/reference/", import.meta.url);
const pages = { "cli.md": cliReference(), "config.md": configReference(), "metrics.md": metricReference() };
const check = process.argv.includes("--check");
let stale = 0;
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(pages)) {
  const url = new URL(name, folder);
  const content = `${text.trimEnd()}\n`;
  if (!check) await writeFile(url, content);
  else if ((await readFile(url, "utf8").catch(() => "")) !== content) {
    console.error(`docs/reference/${name} is not what the code says\n  fix: npm run docs`);
    stale += 1;
  }
}
process.exitCode = stale > 0 ? 1 : 0;
