import { cp, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { findProject } from "../../config/project.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import { nearest } from "../../lib/nearest.ts";
import { defineCommand, flag, optional } from "../command.ts";
import { line } from "../deps.ts";
import { text } from "../terminal/parse-value.ts";

export const judgeInit = defineCommand({
  details:
    "A judge is the files of its folder. Every edit makes another judge, whose grades and calibration are its own.",
  args: [{ name: "[judge]", summary: "one of those that come with the tool; without it they are listed" }],
  options: {
    as: optional("--as <id>", "the name of its folder in judges/; its own when left out", text),
    force: flag("--force", "replace a judge of that name"),
  },
  examples: [
    { command: "bench judge init", says: "lists the judges that come with the tool" },
    { command: "bench judge init answer-0-3", says: "copies one to judges/answer-0-3" },
    { command: "bench judge init correct-yes-no --as strict", says: "under another name" },
  ],
  async run([id], { as = id, force }, { cwd, packageRoot, stdout }) {
    const shipped = join(packageRoot, "judges");
    const known = (await readdir(shipped)).sort();
    if (id === undefined) {
      const { describeJudges } = await import("../judge/describe-judges.ts");
      line(stdout, await describeJudges(packageRoot, known));
      return EXIT.ok;
    }
    if (!known.includes(id)) {
      const near = nearest(id, known);
      const fix = near === undefined ? "`bench judge init` lists them" : `did you mean "${near}"?`;
      throw new UsageError({
        code: "E_JUDGE_UNKNOWN",
        where: "<judge>",
        expected: `one of ${known.join(", ")}`,
        got: JSON.stringify(id),
        fix,
      });
    }
    if (!/^[\w][\w.-]*$/.test(as!)) {
      const fix = "use letters, digits, '.', '_' and '-'";
      throw new UsageError({
        code: "E_JUDGE_NAME",
        where: "--as",
        expected: "a plain name of a folder",
        got: JSON.stringify(as),
        fix,
      });
    }
    const project = await findProject(cwd);
    const to = join(project.judges, as!);
    if (!force && (await stat(to).catch(() => undefined))) {
      const fix = "choose another name with --as, or replace it with --force";
      throw new UsageError({
        code: "E_INIT_EXISTS",
        where: relative(cwd, to),
        expected: "no judge of that name",
        got: "one that is there already",
        fix,
      });
    }
    await mkdir(project.judges, { recursive: true });
    const part = `${to}.part`;
    await rm(part, { recursive: true, force: true });
    // What was measured is of the judge that was measured, not of its copy.
    await cp(join(shipped, id), part, {
      recursive: true,
      filter: (path) => !/(?:calibration|probes)\.json$/.test(path),
    });
    await rm(to, { recursive: true, force: true });
    await rename(part, to);
    for (const name of (await readdir(to)).sort()) line(stdout, `  ${relative(cwd, join(to, name))}`);
    const judgeFile = relative(cwd, join(to, "judge.yaml"));
    const yaml = await readFile(join(to, "judge.yaml"), "utf8");
    const kind = /^grades:\s*passages/m.test(yaml) ? "passages" : /^kind:\s*(\w+)/m.exec(yaml)?.[1];
    line(stdout, `\nNext: ${nextSteps(kind, as!, judgeFile)}`);
    return EXIT.ok;
  },
});

/** What to do with a judge that was just copied. @param kind its kind, or `passages` where it grades these */
function nextSteps(kind: string | undefined, id: string, file: string): string {
  const trust = `bench calibrate --judge ${id} --labels FILE before trusting it`;
  if (kind === "lexical")
    return `bench judge fit --judge ${id} --labels FILE,\nthen bench judge run --judge ${id} SUITE/SYSTEM, and ${trust}`;
  const model = `export JUDGE_URL=http://localhost:8000/v1, write the model's name into ${file},`;
  if (kind === "passages")
    return `${model}\nthen bench judge passages --judge ${id} --all --limit 20 SUITE/SYSTEM: how far it agrees with the dataset's judgements`;
  return kind === "pairwise"
    ? `${model}\nthen bench judge pairs --judge ${id} SUITE/SYSTEM SUITE/OTHER, and bench judge probe --judge ${id} SUITE/SYSTEM before trusting it`
    : `${model}\nthen bench judge run --judge ${id} SUITE/SYSTEM, and ${trust}`;
}
