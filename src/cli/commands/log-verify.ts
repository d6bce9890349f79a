import { findProject } from "../../config/project.ts";
import { EXIT } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { printable } from "../../lib/text.ts";
import type { Run } from "../../runlog/open-run.ts";
import { defineCommand } from "../command.ts";
import { line } from "../deps.ts";

export const logVerify = defineCommand({
  args: [{ name: "[run...]", summary: "run folders or ids, or suite/system; all of runs/ when left out" }],
  options: {},
  examples: [{ command: "bench log verify", says: "checks every run in runs/; exits 3 when one does not hold" }],
  async run(names, _, { cwd, stdout }) {
    const { chooseRuns } = await import("../project/find-run.ts");
    const { verifyRun } = await import("../../runlog/verify-run.ts");
    const project = await findProject(cwd);
    const found = await chooseRuns(project, names);
    let wrong = found.problems.length;
    for (const problem of found.problems) line(stdout, formatProblem(problem));
    for (const { dir, manifest, state } of found.runs) {
      const problems = await verifyRun(dir);
      wrong += problems.length;
      for (const problem of problems) line(stdout, formatProblem(problem));
      line(stdout, printable(`${manifest.run}: ${verdict(problems.length, state)}`));
    }
    return wrong > 0 ? EXIT.data : EXIT.ok;
  },
});

function verdict(problems: number, state: Run["state"]): string {
  if (problems > 0) return `${problems} ${problems === 1 ? "problem" : "problems"}`;
  return state === "complete" ? "whole and unchanged" : "interrupted, sound as far as it goes";
}
