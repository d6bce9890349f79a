import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll } from "vitest";

/**
 * Belongs to every test file (`setupFiles` of vitest.config.ts): what its tests, the code under test and the processes they start put
 * among the system's temporary files lands in one folder, which goes when the file has ended, whether its tests passed or not.
 */
beforeAll(() => {
  const before = process.env.TMPDIR;
  const root = mkdtempSync(join(tmpdir(), "plumbline-test-"));
  process.env.TMPDIR = root;
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  };
});
