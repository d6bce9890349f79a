import { findProject } from "../../config/project.ts";
import { EXIT } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { SUMMARY_FORMATS } from "../../report/summary/summary-formats.ts";
import { defineCommand, value } from "../command.ts";
import { line, terminalOf } from "../deps.ts";
import { choice } from "../terminal/parse-value.ts";

export const show = defineCommand({
  args: [{ name: "[run...]", summary: "run folders or ids, or suite/system; all of runs/ when left out" }],
  options: {
    format: value("--format <format>", SUMMARY_FORMATS.join(", "), choice(...SUMMARY_FORMATS), "text"),
  },
  examples: [
    { command: "bench show", says: "every finished run in runs/, a table per suite and protocol" },
    { command: "bench show handbook/bm25-reader --format markdown", says: "one system, for a pull request" },
  ],
  async run(names, { format }, { cwd, stdout, stderr }) {
    const { chooseRuns } = await import("../project/find-run.ts");
    const { readCalibrations } = await import("../judge/judge-calibrations.ts");
    const { formatSummary } = await import("../../report/summary/summary-format.ts");
    const { summarise } = await import("../../report/summary.ts");
    const project = await findProject(cwd);
    const chosen = await chooseRuns(project, names);
    const judges = await readCalibrations(project);
    const problems = [...chosen.problems, ...judges.problems];
    for (const problem of problems) line(stderr, formatProblem(problem));
    const dirs = chosen.runs.map((run) => run.dir);
    stdout.write(formatSummary(await summarise(dirs, judges), format, terminalOf(stdout)));
    return problems.length > 0 ? EXIT.data : EXIT.ok;
  },
});
