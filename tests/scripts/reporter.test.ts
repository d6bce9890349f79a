import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

// Inside the checkout, so that the test files of the test find vitest.
beforeEach(() => {
  folder = mkdtempSync(join(CHECKOUT, "node_modules/.reporter-test-"));
  writeFileSync(join(folder, "vitest.config.mjs"), 'export default { test: { include: ["*.check.mjs"] } };\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs vitest on files with the reporter alone. @returns the last line and the exit code */
function run(files: Record<string, string>): { last: string | undefined; status: number | null } {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), `import { it, describe, expect, beforeAll } from "vitest";\n${text}`);
  }
  const reporters = ["--reporter=default", `--reporter=${join(CHECKOUT, "scripts/reporter.mjs")}`];
  const done = spawnSync(
    process.execPath,
    [join(CHECKOUT, "node_modules/vitest/vitest.mjs"), "run", "--root", folder, ...reporters],
    { encoding: "utf8", cwd: folder, env: { ...process.env, NO_COLOR: "1" } },
  );
  return { last: done.stdout.trimEnd().split("\n").at(-1), status: done.status };
}

it("counts tests, not files, nested ones too", () => {
  const result = run({
    "a.check.mjs": 'it("one", () => {}); describe("d", () => { it.each([1, 2])("%d", () => {}); });',
    "b.check.mjs": 'it("three", () => {});',
  });
  expect(result).toEqual({ last: "4 passed, 0 failed", status: 0 });
});

it("counts failures and skipped tests", () => {
  const result = run({
    "a.check.mjs":
      'it("good", () => {}); it("bad", () => expect(1).toBe(2)); it.skip("later", () => {}); it.todo("idea");',
  });
  expect(result).toEqual({ last: "1 passed, 1 failed, 2 skipped", status: 1 });
});

it("counts a file that cannot be loaded as one failure", () => {
  expect(run({ "a.check.mjs": 'it("good", () => {});', "b.check.mjs": 'throw new Error("broken");' })).toEqual({
    last: "1 passed, 1 failed",
    status: 1,
  });
});

it("counts an error outside any test as a failure", () => {
  const result = run({
    "a.check.mjs":
      'it("good", async () => { setTimeout(() => { throw new Error("stray"); }, 0); await new Promise((r) => setTimeout(r, 50)); });',
  });
  expect(result).toEqual({ last: "1 passed, 1 failed", status: 1 });
});

it("counts a failed hook, whose tests did not run, as a failure", () => {
  const { last, status } = run({
    "a.check.mjs": 'describe("d", () => { beforeAll(() => { throw new Error("no"); }); it("x", () => {}); });',
  });
  expect(last).toMatch(/^0 passed, 1 failed/);
  expect(status).toBe(1);
});
