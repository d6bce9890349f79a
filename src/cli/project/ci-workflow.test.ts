import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";
import { CI_FILES, type Ci } from "./ci-workflow.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface GitHub {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly concurrency: unknown;
  readonly defaults: unknown;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly steps: readonly Step[];
        readonly if?: string;
        readonly env?: unknown;
        readonly strategy?: { readonly matrix: { readonly include: readonly unknown[] } };
      }
    >
  >;
}

interface GitLab {
  readonly gate: {
    readonly script: readonly string[];
    readonly parallel: { readonly matrix: readonly unknown[] };
    readonly cache: unknown;
    readonly artifacts: unknown;
  };
  readonly report: {
    readonly script: readonly string[];
    readonly when: string;
    readonly artifacts: { readonly expose_as: string; readonly paths: readonly string[] };
  };
}

async function initialised(ci: Ci): Promise<string> {
  const folder = await tempFolder();
  expect((await runCli(["init", "--ci", ci], folder)).exitCode).toBe(0);
  return folder;
}

async function workflow<T>(folder: string, ci: Ci): Promise<T> {
  return parse(await readFile(join(folder, CI_FILES[ci]), "utf8")) as T;
}

const BENCH = "npx --no bench ";

/** The `bench` commands of a script, as arguments, with the variables of one cell of the matrix. */
function commands(lines: readonly string[]): string[][] {
  return lines
    .filter((text) => text.startsWith(BENCH))
    .map((text) =>
      text
        .slice(BENCH.length)
        .replace(/ (?:>>?|\|\|?) .*$/, "")
        .replace("$SUITE", "example")
        .replaceAll("$SYSTEM", "bm25-reader"),
    )
    .map((text) => text.replaceAll("$SUITE", "example").replaceAll('"', "").split(" "));
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
    for (const use of uses) expect(use).toMatch(/^actions\/[a-z/-]+@v\d+$/);
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

  it("calls systems what they are called, not what their folders are", async () => {
    const folder = await withBaseline(await starterProject());
    const systems = join(folder, "benchmarks/systems");
    await copyFile(join(systems, "bm25-reader.yaml"), join(systems, "raft 8b: new.yaml"));
    await runCli(["run", "--system", "raft 8b: new", "--quiet"], folder);
    const named = ["gate", "benchmarks/baselines/example/raft 8b: new", "example/raft 8b: new"];
    expect((await runCli(named, folder)).stderr).toContain('bench baseline "example/raft 8b: new"');
    await runCli(["baseline", "example/raft 8b: new"], folder);
    expect((await runCli(["init", "--ci", "gitlab"], folder)).exitCode).toBe(0);
    expect((await workflow<GitLab>(folder, "gitlab")).gate.parallel.matrix).toEqual([
      { SUITE: "example", SYSTEM: "bm25-reader" },
      { SUITE: "example", SYSTEM: "raft 8b: new" },
    ]);
    expect(await runCli(named, folder)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("leaves out a baseline that is being written, and says where there is none", async () => {
    const folder = await starterProject({ "benchmarks/baselines/example/.bm25-reader-x1/new/run.jsonl": "" });
    const made = await runCli(["init", "--ci", "gitlab"], folder);
    expect(made.stdout).toContain("No baseline yet: keep one with bench baseline, then write its matrix with");
    expect(made.stdout).toContain("bench init --ci gitlab --force");
  });

  it("for GitHub keeps what was paid for when a gate fails, and for each system apart", async () => {
    const { jobs } = await workflow<GitHub>(await initialised("github"), "github");
    const steps = jobs.gate!.steps;
    const at = (text: string) => steps.findIndex(({ run, uses }) => (run ?? uses)!.includes(text));
    expect(at("cache@")).toBe(-1);
    const [restore, save] = [steps[at("cache/restore@")]!, steps[at("cache/save@")]!];
    expect([at("cache/restore@"), at("bench run"), at("cache/save@"), at("bench gate")]).toEqual([3, 4, 5, 6]);
    expect(save.if).toBe("always()");
    expect(save.with!.key).toBe(restore.with!.key);
    // A job that is run again has answers to add, and `docs/raft` must not find what `docs/raft-8b` kept.
    expect(save.with!.key).toMatch(/github\.run_id \}\}-\$\{\{ github\.run_attempt \}\}$/);
    expect(restore.with!["restore-keys"]).toBe("plumbline/${{ matrix.suite }}/${{ matrix.system }}/");
  });

  it("for GitHub shows the verdict in log and summary, and has one job that is red when any gate is", async () => {
    const { jobs, defaults } = await workflow<GitHub>(await initialised("github"), "github");
    const gate = jobs.gate!.steps.find(({ run }) => run?.includes("bench gate"))!;
    // Without pipefail, which this shell has, the exit code would be that of tee.
    expect(gate.run).toMatch(/ \| tee -a "\$GITHUB_STEP_SUMMARY"$/);
    expect(defaults).toEqual({ run: { shell: "bash" } });
    expect(jobs.report).toMatchObject({ if: "always()", env: { GATE: "${{ needs.gate.result }}" } });
    expect(jobs.report!.steps.at(-1)).toEqual({ run: 'test "$GATE" = success', if: "always()" });
  });

  it("for GitLab keeps the cache of a failed job, and leads from the merge request to the leaderboard", async () => {
    const { gate, report } = await workflow<GitLab>(await initialised("gitlab"), "gitlab");
    expect(gate).toMatchObject({ cache: { when: "always" }, artifacts: { when: "always" } });
    expect(report.when).toBe("always");
    expect(report.artifacts.expose_as).toBe("leaderboard");
    // GitLab shows no folder that does not end in a slash.
    expect(report.artifacts.paths).toContain("site/");
  });

  it("is the one this project is gated by", async () => {
    const own = await workflow<GitHub>(ROOT, "github");
    const theirs = parse(await readFile(join(ROOT, "starter/ci/github.yml"), "utf8")) as GitHub;
    const same = (steps: readonly Step[]) =>
      steps
        .filter(({ run }) => run !== "npm run build")
        .map((step) => (step.run ? { ...step, run: step.run.replace("node bin/bench.mjs ", BENCH) } : step));
    for (const job of ["gate", "report"]) expect(same(own.jobs[job]!.steps)).toEqual(theirs.jobs[job]!.steps);
    const around = ({ on, permissions, concurrency, defaults }: GitHub) => ({ on, permissions, concurrency, defaults });
    expect(around(own)).toEqual(around(theirs));
  });
});
