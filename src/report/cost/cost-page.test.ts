import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { buildSite } from "../build-site.ts";
import { type MadeRun, makeRun } from "../testing/made-run.ts";

const assets = fileURLToPath(new URL("../../../reports/templates", import.meta.url));

async function page(made: Partial<MadeRun>): Promise<string> {
  const folder = await tempFolder();
  const dir = await makeRun(folder, { run: "r", system: "llm", skill: 0.7, conditions: ["rag@3"], ...made });
  await buildSite({ runs: [dir], out: join(folder, "site"), assets, generatedAt: "2026-06-01" });
  return readFile(join(folder, "site", "runs", "r", "index.html"), "utf8");
}

it("shows what the answers of a run cost, and what is not known of it", async () => {
  const html = await page({
    price: { on: "2026-05-31", input: 1, output: 2 },
    failAt: [3],
    more: (at) => ({ cost: { usd: at % 2 === 0 ? 0.001 : 0.003, basis: "tokens" } }),
  });
  const section = html.slice(html.indexOf('id="cost"'), html.indexOf("</section>", html.indexOf('id="cost"')));
  expect(section).toContain("$0.077 in all");
  expect(section).toMatch(/data-label="answers">39<.*data-label="unknown">1</);
  expect(section).toMatch(/\$1\.97<\/span> <span class="ci">\[1\.6\d, 2\.3\d\]/);
  expect(section).toMatch(/EM <span class="n">\$0\.00/);
  expect(section).toContain("Prices of 2026-05-31");
});

it("says nothing of cost where no price is named", async () => {
  expect(await page({})).not.toContain('id="cost"');
});
