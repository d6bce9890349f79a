import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/testing/run-cli.ts";
import { starterProject } from "../../src/cli/testing/starter-project.ts";
import { tempFolder } from "../../src/lib/testing/temp-folder.ts";
import { bench, buildProgram, shell } from "./bench-process.ts";

const RUN = "$BENCH run -s bm25-reader";

beforeAll(buildProgram);

describe("a reader that goes away", () => {
  it("is no error, and the exit code stays the command's own", async () => {
    const folder = await tempFolder();
    const ended = await shell("$BENCH metrics | head -1; echo ${PIPESTATUS[0]}", folder);
    expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ended.stdout).toMatch(/^metric +of .*\n0\n$/);
    const refused = await shell("$BENCH metrics nDGC 2>&1 | true; echo ${PIPESTATUS[0]}", folder);
    expect(refused.stdout).toBe("2\n");
  });

  it("does not stop a run, whose log is whole", async () => {
    const folder = await starterProject();
    const ended = await shell(`${RUN} 2>&1 | true; echo \${PIPESTATUS[0]}`, folder);
    expect(ended.stdout).toBe("0\n");
    const verified = await runCli(["log", "verify"], folder);
    expect(verified.stdout).toContain("whole and unchanged");
  });
});

describe("output", () => {
  it("that is no terminal holds no escape sequence, whatever the colours of the terminal around", async () => {
    const folder = await starterProject();
    const env = { TERM: "xterm-256color", COLORTERM: "truecolor" };
    const ran = await bench(["run", "-s", "bm25-reader"], folder, env);
    expect(ran.exitCode).toBe(0);
    expect(`${ran.stdout}${ran.stderr}`).not.toContain("\u001b");
    const coloured = await bench(["show"], folder, { ...env, FORCE_COLOR: "1" });
    expect(coloured.stdout.replace(/\u001b\[[\d;]*m/g, "")).toBe(ran.stdout);
  });

  it("on a full disk ends with a message and 3", async () => {
    const ended = await shell("$BENCH metrics > /dev/full", await tempFolder());
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toMatch(/^ENOSPC: no space left on device.*\n {2}fix: .*\n$/);
  });
});

describe.skipIf(process.platform !== "linux")("a disk that cannot be written", () => {
  /** As the file system refuses, even to root: a file where a folder should be, no room, a folder that takes no file. */
  it("by runs/ being a file: message, 3, no stack", async () => {
    const folder = await starterProject({ runs: "not a folder" });
    const ended = await bench(["run", "-s", "bm25-reader"], folder);
    expect(ended).toMatchObject({ exitCode: 3, stdout: "" });
    expect(ended.stderr).toMatch(/ENOTDIR|EEXIST|E_RUN/);
    expect(ended.stderr).toMatch(/^ {2}fix: /m);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  it("by running full in the middle of a run: message, 3, no stack, and --resume goes on once there is room", async () => {
    const folder = await starterProject();
    // The manifest and the questions fit into 12 KB, the answers do not.
    const full = await shell(`ulimit -f 12; ${RUN} --topk 1,2,3,4,5,6`, folder);
    expect(full).toMatchObject({ exitCode: 3, stdout: "" });
    expect(full.stderr).toContain("(E_RUN_WRITE)");
    expect(full.stderr).toMatch(/^ {2}fix: /m);
    expect(full.stderr).not.toMatch(/^\s+at /m);
    const resumed = await shell(`${RUN} --topk 1,2,3,4,5,6 --resume`, folder);
    expect(resumed.exitCode).toBe(0);
    expect((await runCli(["log", "verify"], folder)).stdout).toContain("whole and unchanged");
  });

  it.each([
    ["init", ["init", "/sys/plumbline"]],
    ["report", ["report", "--out", "/sys/plumbline"]],
  ])("by a folder that takes no file: %s says so, with 3 and no stack", async (_, args) => {
    const folder = await starterProject();
    expect((await runCli(["run", "-s", "bm25-reader", "--quiet"], folder)).exitCode).toBe(0);
    const { exitCode, stdout, stderr } = await runCli(args, folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("/sys/plumbline");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("by a site whose place is a file: report leaves the file alone", async () => {
    const folder = await starterProject();
    await runCli(["run", "-s", "bm25-reader", "--quiet"], folder);
    await writeFile(join(folder, "site"), "mine");
    const { exitCode, stderr } = await runCli(["report"], folder);
    expect(exitCode).toBe(3);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await readdir(folder)).includes("site")).toBe(true);
  });
});
