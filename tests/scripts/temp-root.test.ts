import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { tempFolder } from "../../src/lib/testing/temp-folder.ts";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));

it("what tests leave among the temporary files goes with their file, also when they fail or are skipped", async () => {
  const left = await tempFolder();
  // Inside the checkout, so that the test files of the test find vitest.
  const files = mkdtempSync(join(CHECKOUT, "node_modules/.temp-root-test-"));
  onTestFinished(() => rmSync(files, { recursive: true, force: true }));
  const config = { test: { include: ["*.check.mjs"], setupFiles: [join(CHECKOUT, "src/lib/testing/temp-root.ts")] } };
  writeFileSync(join(files, "vitest.config.mjs"), `export default ${JSON.stringify(config)};\n`);
  const head = [
    'import { execFileSync } from "node:child_process";',
    'import { mkdtempSync, writeFileSync } from "node:fs";',
    'import { tmpdir } from "node:os";',
    'import { expect, it } from "vitest";',
    'const leave = () => writeFileSync(mkdtempSync(tmpdir() + "/left-") + "/file", "x");',
  ].join("\n");
  writeFileSync(
    join(files, "a.check.mjs"),
    `${head}\nit("passes", leave);\nit("fails", () => { leave(); expect(1).toBe(2); });\nit("starts a process", () => { execFileSync("mktemp", ["-d"]); });`,
  );
  writeFileSync(join(files, "b.check.mjs"), `${head}\nit.skip("is skipped", leave);`);
  const done = spawnSync(process.execPath, [join(CHECKOUT, "node_modules/vitest/vitest.mjs"), "run", "--root", files], {
    encoding: "utf8",
    cwd: files,
    env: { ...process.env, NO_COLOR: "1", TMPDIR: left },
  });
  expect(done.stdout).toContain("1 failed | 2 passed | 1 skipped");
  expect(readdirSync(left)).toEqual([]);
});
