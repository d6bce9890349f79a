import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const GOOD = `title: Elsewhere
source: { name: A paper, url: "https://example.org/p", date: 2024-08-30 }
metrics: { judged right: {} }
results:
  - { system: theirs, metric: judged right, right: 54, n: 71 }
  - { system: others, metric: judged right, right: 53, n: 71 }
`;

describe("bench report", () => {
  const withRun = async (): Promise<string> => {
    const folder = await starterProject();
    expect((await runCli(["run", "-s", "bm25-reader", "--quiet"], folder)).exitCode).toBe(0);
    await mkdir(join(folder, "external"));
    await writeFile(join(folder, "external/paper.yaml"), GOOD);
    return folder;
  };

  it("shows what external/ holds beside the runs, and writes one file that has it too", async () => {
    const folder = await withRun();
    const { exitCode, stdout, stderr } = await runCli(["report", "--single-file", "mail/board.html"], folder);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/Single file of \d+ pages, [\d.]+ (kB|MB):\n {2}file:\/\/.*\/mail\/board\.html/);
    const site = await readFile(join(folder, "site/index.html"), "utf8");
    const single = await readFile(join(folder, "mail/board.html"), "utf8");
    for (const html of [site, single]) {
      expect(html).toContain("reported by others");
      expect(html).toContain("54 of 71");
    }
    expect(single).not.toMatch(/<script src|<link rel="stylesheet"|href="(?:runs|assets)\//);
    expect(single).toMatch(/script-src 'sha256-[^']+' 'sha256-[^']+' 'sha256-[^']+'; style-src 'sha256-/);
  });

  it("refuses a bad file with every problem and its line, exit 3, and leaves the site as it was", async () => {
    const folder = await withRun();
    await runCli(["report"], folder);
    const before = await readFile(join(folder, "site/index.html"), "utf8");
    await writeFile(
      join(folder, "external/paper.yaml"),
      GOOD.replace("right: 54", "right: 72").replace("A paper", "''"),
    );
    const { exitCode, stderr, stdout } = await runCli(["report"], folder);
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/external\/paper\.yaml:2 \/source\/name \(E_EXTERNAL\)/);
    expect(await readFile(join(folder, "site/index.html"), "utf8")).toBe(before);
  });
});
