import { cp, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { EXIT, UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { defineCommand, flag } from "../command.ts";
import { line } from "../deps.ts";

export const init = defineCommand({
  name: "init",
  summary: "make a project: suite, systems, a small dataset to replace, CI workflow, .gitignore",
  args: [{ name: "[folder]", summary: "where; the current folder when left out" }],
  options: {
    force: flag("--force", "overwrite files that are there already"),
  },
  examples: [
    { command: "bench init", says: "makes the project in the current folder" },
    { command: "bench init evaluation", says: "makes it in a new folder" },
  ],
  async run([folder = "."], { force }, { cwd, packageRoot, stdout }) {
    const from = join(packageRoot, "starter");
    const to = resolve(cwd, folder);
    const files = (await readdir(from, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(from, join(entry.parentPath, entry.name)))
      .sort();
    const target = (file: string): string => join(to, file === "gitignore" ? ".gitignore" : file);
    // A folder under version control has a .gitignore of its own: it is added to, with and without --force.
    const ignored = await readFile(target("gitignore"), "utf8").catch(() => undefined);
    const inTheWay = files.filter((file) => file !== "gitignore" || ignored === undefined);
    if (!force) await refuseToOverwrite(inTheWay.map(target), cwd);
    for (const file of files) {
      // Written beside its place and renamed, so that a full disk leaves no half file.
      const temporary = `${target(file)}.part`;
      if (file === "gitignore" && ignored !== undefined) {
        await writeFile(temporary, withLines(ignored, await readFile(join(from, file), "utf8")));
      } else await cp(join(from, file), temporary);
      await rename(temporary, target(file));
      line(stdout, `  ${relative(cwd, target(file))}`);
    }
    const go = folder === "." ? "" : `cd ${folder} && `;
    line(stdout, `\nNext: ${go}npx bench run --system bm25-reader`);
    line(stdout, "For CI: npx bench baseline example/bm25-reader, and commit it with package.json and its lock file");
    line(stdout, "Then replace datasets/example by yours: npx bench dataset import --help");
    return EXIT.ok;
  },
});

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
