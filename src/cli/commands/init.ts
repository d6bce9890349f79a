import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { EXIT, UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { defineCommand, flag, optional } from "../command.ts";
import { line } from "../deps.ts";
import { CI_FILES, ciWorkflow } from "../project/ci-workflow.ts";
import { choice } from "../terminal/parse-value.ts";

export const init = defineCommand({
  details: [
    "The workflow runs every system with a committed baseline in a job of its own, with the cache kept, gates it, and keeps the",
    "leaderboard of all. In a project that is there already, --ci writes the workflow alone.",
  ].join("\n"),
  args: [{ name: "[folder]", summary: "where; the current folder when left out" }],
  options: {
    ci: optional("--ci <server>", "the build server: github (when left out) or gitlab", choice("github", "gitlab")),
    force: flag("--force", "overwrite files that are there already"),
  },
  examples: [
    { command: "bench init", says: "makes the project in the current folder" },
    { command: "bench init evaluation", says: "makes it in a new folder" },
    { command: "bench init --ci gitlab", says: "with a workflow for GitLab; alone, where a project is there already" },
  ],
  async run([folder = "."], { ci, force }, { cwd, packageRoot, stdout }) {
    const from = join(packageRoot, "starter");
    const to = resolve(cwd, folder);
    const workflowAlone = ci !== undefined && (await isFolder(join(to, "benchmarks")));
    const starter = workflowAlone ? [] : (await filesBelow(from)).filter((file) => dirname(file) !== "ci");
    const workflow = CI_FILES[ci ?? "github"];
    const target = (file: string): string => join(to, file === "gitignore" ? ".gitignore" : file);
    // A folder under version control has a .gitignore of its own: it is added to, with and without --force.
    const ignored = await readFile(target("gitignore"), "utf8").catch(() => undefined);
    const inTheWay = [workflow, ...starter.filter((file) => file !== "gitignore" || ignored === undefined)];
    if (!force) await refuseToOverwrite(inTheWay.map(target), cwd);
    const write = async (file: string, text: string): Promise<void> => {
      await mkdir(dirname(target(file)), { recursive: true });
      // Written beside its place and renamed, so that a full disk leaves no half file.
      await writeFile(`${target(file)}.part`, text);
      await rename(`${target(file)}.part`, target(file));
      line(stdout, `  ${relative(cwd, target(file))}`);
    };
    const { text: jobs, gated } = await ciWorkflow(join(from, "ci"), ci ?? "github", to);
    await write(workflow, jobs);
    for (const file of starter) {
      const text = await readFile(join(from, file), "utf8");
      await write(file, file === "gitignore" && ignored !== undefined ? withLines(ignored, text) : text);
    }
    if (workflowAlone) {
      const next =
        gated > 0
          ? "It gates the systems in benchmarks/baselines: commit those, package.json and its lock file"
          : `No baseline yet: keep one with bench baseline, then write its matrix with bench init --ci ${ci} --force`;
      line(stdout, `\n${next}`);
      return EXIT.ok;
    }
    const go = folder === "." ? "" : `cd ${folder} && `;
    line(stdout, `\nNext: ${go}npx bench run --system bm25-reader`);
    line(stdout, "For CI: npx bench baseline example/bm25-reader, and commit it with package.json and its lock file");
    line(stdout, "Then replace datasets/example by yours: npx bench dataset import --help");
    return EXIT.ok;
  },
});

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function filesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** A text with the lines of another that it lacks at its end. */
function withLines(text: string, more: string): string {
  const present = new Set(text.split(/\r?\n/));
  const missing = more.split("\n").filter((line) => line !== "" && !present.has(line));
  const end = text === "" || text.endsWith("\n") ? "" : "\n";
  return missing.length === 0 ? text : `${text}${end}${missing.join("\n")}\n`;
}

async function refuseToOverwrite(targets: readonly string[], cwd: string): Promise<void> {
  const problems: Problem[] = [];
  for (const target of targets) {
    const folder = join(target, "..");
    const names = await readdir(folder).catch((): string[] => []);
    if (!names.includes(relative(folder, target))) continue;
    problems.push({
      code: "E_INIT_EXISTS",
      where: relative(cwd, target),
      expected: "no file of that name",
      got: "one that is there already",
      fix: "move it away, choose another folder, or overwrite it with --force",
    });
  }
  if (problems.length > 0) throw new UsageError(...problems);
}
