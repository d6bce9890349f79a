import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { CI_FILES, type Ci } from "./ci-workflow.ts";
import { runCli } from "./testing/run-cli.ts";
import { starterProject } from "./testing/starter-project.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Step {
  readonly run?: string;
  readonly uses?: string;
}

interface GitHub {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly steps: readonly Step[];
        readonly strategy?: { readonly matrix: { readonly include: readonly unknown[] } };
      }
    >
  >;
}

interface GitLab {
  readonly gate: { readonly script: readonly string[]; readonly parallel: { readonly matrix: readonly unknown[] } };
  readonly report: { readonly script: readonly string[] };
}

async function initialised(ci: Ci): Promise<string> {
  const folder = await tempFolder();
  expect((await runCli(["init", "--ci", ci], folder)).exitCode).toBe(0);
  return folder;
}

async function workflow<T>(folder: string, ci: Ci): Promise<T> {
  return parse(await readFile(join(folder, CI_FILES[ci]), "utf8")) as T;
}

/** The `npx bench` commands of a script, as arguments, with the variables of one cell of the matrix. */
function commands(lines: readonly string[]): string[][] {
  return lines
    .filter((text) => text.startsWith("npx bench "))
    .map((text) =>
      text
        .replace(/ (?:>>?|\|\|) .*$/, "")
        .replace("$SUITE", "example")
        .replaceAll("$SYSTEM", "bm25-reader"),
    )
    .map((text) => text.replaceAll("$SUITE", "example").replaceAll('"', "").split(" ").slice(2));
}

async function carriedOut(folder: string, lines: readonly string[]): Promise<void> {
  for (const argv of commands(lines)) {
    const { exitCode, stderr } = await runCli(argv, folder);
    expect({ argv, exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ argv, exitCode: 0, stderr: "" });
  }
}

/** A baseline as the printed advice has it made. */
async function withBaseline(folder: string): Promise<string> {
  await runCli(["run", "--system", "bm25-reader", "--quiet"], folder);
  expect((await runCli(["baseline", "example/bm25-reader"], folder)).exitCode).toBe(0);
  return folder;
}

describe("the workflow of bench init", () => {
  it("for GitHub has commands that work, from run to report", async () => {
    const folder = await withBaseline(await initialised("github"));
    const { jobs } = await workflow<GitHub>(folder, "github");
    const lines = [...jobs.gate!.steps, ...jobs.report!.steps].flatMap(({ run }) => run ?? []);
    expect(commands(lines).map(([command]) => command)).toEqual(["run", "gate", "show", "report"]);
    await carriedOut(folder, lines);
    const uses = Object.values(jobs).flatMap(({ steps }) => steps.flatMap((step) => step.uses ?? []));
    for (const action of ["cache", "upload-artifact", "download-artifact"])
      expect(uses).toContain(`actions/${action}@v4`);
    // What comes from a matrix reaches a shell as a variable, never as text of the script.
    for (const line of lines) expect(line).not.toContain("${{");
  });

  it("for GitLab has commands that work, from run to report", async () => {
    const folder = await withBaseline(await initialised("gitlab"));
    const { gate, report } = await workflow<GitLab>(folder, "gitlab");
    const lines = [...gate.script, ...report.script];
    expect(commands(lines).map(([command]) => command)).toEqual(["run", "gate", "gate", "show", "report"]);
    await carriedOut(folder, lines);
    await expect(readFile(join(folder, CI_FILES.github))).rejects.toThrow("ENOENT");
  });

  it("has a cell per committed baseline, whatever their names, where a project is there already", async () => {
    const folder = await starterProject();
    for (const name of ["handbook/bm25-reader", "handbook/dense", "example/yes: {no}"]) {
      await mkdir(join(folder, "benchmarks/baselines", name), { recursive: true });
    }
    const made = await runCli(["init", "--ci", "gitlab"], folder);
    expect(made).toMatchObject({ exitCode: 0, stderr: "" });
    expect(made.stdout.split("\n")[0]).toBe("  .gitlab-ci.yml");
    expect((await workflow<GitLab>(folder, "gitlab")).gate.parallel.matrix).toEqual([
      { SUITE: "example", SYSTEM: "yes: {no}" },
      { SUITE: "handbook", SYSTEM: "bm25-reader" },
      { SUITE: "handbook", SYSTEM: "dense" },
    ]);
    const again = await runCli(["init", "--ci", "github"], folder);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain(".github/workflows/plumbline.yml (E_INIT_EXISTS)");
    expect((await runCli(["init", "--ci", "github", "--force"], folder)).exitCode).toBe(0);
    const { jobs } = await workflow<GitHub>(folder, "github");
    expect(jobs.gate!.strategy!.matrix.include).toContainEqual({ suite: "handbook", system: "dense" });
  });

  it("is the one this project is gated by", async () => {
    const own = await workflow<GitHub>(ROOT, "github");
    const theirs = parse(await readFile(join(ROOT, "starter/ci/github.yml"), "utf8")) as GitHub;
    const same = (steps: readonly Step[]) =>
      steps
        .filter(({ run }) => run !== "npm run build")
        .map((step) => (step.run ? { ...step, run: step.run.replace("node bin/bench.mjs", "npx bench") } : step));
    for (const job of ["gate", "report"]) expect(same(own.jobs[job]!.steps)).toEqual(theirs.jobs[job]!.steps);
  });
});
