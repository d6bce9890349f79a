import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { HistoryWalk } from "../gate/index.ts";
import { sha256 } from "../lib/hash.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { fileNameOf } from "../lib/text.ts";
import { LOG_SCHEMA, openRun, verifyRun } from "../runlog/index.ts";
import { buildSite } from "./build-site.ts";

const assets = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const fixtures = fileURLToPath(new URL("../../fixtures/runs", import.meta.url));
const versions = Array.from({ length: LOG_SCHEMA }, (_, i) => i + 1);
const folderOf = (version: number): string => join(fixtures, `schema-${version}`);

async function site(runs: readonly string[]) {
  const out = join(await tempFolder(), "site");
  const built = await buildSite({ runs, out, assets, generatedAt: "then", history: () => new HistoryWalk() });
  return { out, ...built, read: (path: string) => readFile(join(out, path), "utf8") };
}

describe("a log of every version there was", () => {
  it("is kept as a fixture that is whole", async () => {
    expect((await readdir(fixtures)).filter((name) => name.startsWith("schema-")).sort()).toEqual(
      versions.map((version) => `schema-${version}`),
    );
    for (const version of versions) {
      expect((await openRun(folderOf(version))).manifest.schema).toBe(version);
      expect(await verifyRun(folderOf(version))).toEqual([]);
    }
  });

  it("is shown by the site, each with its page, its questions and its dataset", async () => {
    const { out, pages, warnings, read } = await site(versions.map(folderOf));
    expect(warnings).toEqual([]);
    const board = await read("index.html");
    for (const version of versions) {
      const { manifest } = await openRun(folderOf(version));
      const path = `runs/${fileNameOf(manifest.run)}`;
      expect(pages).toContain(`${path}/index.html`);
      expect(board).toContain(manifest.run);
      const page = await read(`${path}/index.html`);
      for (const metric of manifest.metrics) expect(page).toContain(metric);
      expect(await readdir(join(out, path, "data"))).toContain("q0000.js");
    }
    expect(pages.filter((path) => path.startsWith("datasets/"))).toHaveLength(versions.length);
  });

  it("that has no card of its dataset has dashes there", async () => {
    const { pages, read } = await site([folderOf(1)]);
    const card = await read(pages.find((path) => path.startsWith("datasets/"))!);
    expect(card).toMatch(/<dt>Licence<\/dt><dd><span class="missing" title="not in the run logs">—<\/span>/);
    expect(card).toMatch(/questions of the split test<\/bdi><\/th><td class="num count" data-label="count">3</);
  });

  it("may stand in one history with a newer one", async () => {
    const folder = await tempFolder();
    const again = join(folder, "again");
    await cp(folderOf(1), again, { recursive: true });
    const log = join(again, "run.jsonl");
    const [manifest, ...lines] = (await readFile(log, "utf8")).trimEnd().split("\n");
    const end = JSON.parse(lines.pop()!) as object;
    const newer = {
      ...(JSON.parse(manifest!) as object),
      run: "newer",
      schema: LOG_SCHEMA,
      startedAt: "2027-01-01T00:00:00.000Z",
    };
    const body = `${[JSON.stringify(newer), ...lines].join("\n")}\n`;
    await writeFile(log, `${body}${JSON.stringify({ ...end, sha256: sha256(body) })}\n`);
    const { pages } = await site([folderOf(1), again]);
    expect(pages.filter((path) => path.startsWith("history/"))).toHaveLength(1);
  });

  it("is refused where a newer version wrote it, with both versions named", async () => {
    const folder = join(await tempFolder(), "newer");
    await cp(folderOf(1), folder, { recursive: true });
    const log = join(folder, "run.jsonl");
    await writeFile(log, (await readFile(log, "utf8")).replace('"schema":1', `"schema":${LOG_SCHEMA + 1}`));
    await expect(site([folderOf(1), folder])).rejects.toThrow(
      new RegExp(`E_RUN_SCHEMA[\\s\\S]*version ${LOG_SCHEMA} or older[\\s\\S]*got version ${LOG_SCHEMA + 1}`),
    );
  });
});
