import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { findProject } from "../../config/project.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { printable } from "../../lib/text.ts";
import { defineCommand, flag, optional } from "../command.ts";
import { line } from "../deps.ts";
import { text } from "../terminal/parse-value.ts";

export const report = defineCommand({
  details: [
    "A system with two or more runs of one protocol has a page of its history, as bench history shows it.",
    "Up to 12 systems of one suite and protocol have a compare page for every pair; of more, each has one with the best. With",
    "--baseline every system has one with that run besides.",
    "The site is built aside: until all of it is there the old one stays, and where a run that was named is damaged, was edited",
    "or has not ended it stays for good, with exit code 3. Of runs/ such a run is named and left out. Pages of runs that are as",
    "they were are kept; delete the folder to have all made anew.",
    "Results that others reported stand in external/*.yaml of the project (docs/reference/config.md); they are shown in tables of",
    "their own, never ranked with runs.",
  ].join("\n"),
  args: [{ name: "[run...]", summary: "run folders or ids, or suite/system; all of runs/ when left out" }],
  options: {
    baseline: optional(
      "--baseline <run>",
      "a run that every other has a compare page with; named like the others",
      text,
    ),
    singleFile: optional(
      "--single-file <file>",
      "write the board with its compare pages as one HTML file too, for mailing",
      text,
    ),
    out: optional("-o, --out <folder>", "where the site goes; site/ of the project when left out", text),
    quiet: flag("-q, --quiet", "no progress"),
  },
  examples: [
    { command: "bench report", says: "builds site/ from every run in runs/ and prints where it is" },
    { command: "bench report handbook/bm25-reader --out /tmp/board", says: "one run, elsewhere" },
    { command: "bench report --single-file board.html", says: "the site, and one file that can be mailed" },
  ],
  async run(names, { out, baseline, quiet, singleFile }, { cwd, clock, env, packageRoot, stdout, stderr }) {
    const { chooseRuns, findCompleteRun } = await import("../project/find-run.ts");
    const { refuseEdited } = await import("../project/refuse-edited.ts");
    const { siteCode } = await import("../project/site-code.ts");
    const { keepHeapSmall } = await import("../run/small-heap.ts");
    const { loadExternal } = await import("../../config/load-external.ts");
    const { readCalibrations } = await import("../judge/judge-calibrations.ts");
    const { readKnownJudges } = await import("../judge/known-judges.ts");
    keepHeapSmall(100);
    const project = await findProject(cwd);
    const { runs: chosen, problems: damaged } = await refuseEdited(await chooseRuns(project, names), names.length > 0);
    const pinned = baseline === undefined ? undefined : await findCompleteRun(project, baseline);
    const included = pinned === undefined || chosen.some(({ manifest }) => manifest.run === pinned.manifest.run);
    const runs = included ? chosen : [...chosen, pinned];
    const judges = await readCalibrations(project);
    const reported = await loadExternal(project);
    const known = await readKnownJudges(project, env);
    const problems = [...damaged, ...judges.problems, ...known.problems];
    for (const problem of problems) line(stderr, formatProblem(problem));
    if (runs.length === 0) {
      throw new UsageError({
        code: "E_REPORT_EMPTY",
        where: relative(cwd, project.runs) || ".",
        expected: "at least one run",
        got: "none",
        fix: "start one with `bench run`",
      });
    }
    const folder = out === undefined ? project.site : resolve(cwd, out);
    const { compareRuns } = await import("../../gate/compare/compare-runs.ts");
    const { acceptedRuns } = await import("../verdict/baseline-of.ts");
    const { HistoryWalk } = await import("../../gate/history/history-walk.ts");
    const { buildSite } = await import("../../report/build-site.ts");
    const { countProgress } = await import("../terminal/count-progress.ts");
    const progress = countProgress(quiet, { stderr, clock });
    const { pages, warnings } = await buildSite({
      progress: (text) => progress.update(`building the site: ${text}`),
      runs: runs.map((run) => run.dir),
      out: folder,
      assets: join(packageRoot, "reports", "templates"),
      calibrations: judges.calibrations,
      reported,
      judges: known.judges,
      history: (accepted) => new HistoryWalk({ accepted }),
      accepted: await acceptedRuns(project, runs),
      code: await siteCode(packageRoot),
      comparing: { compare: compareRuns, ...(pinned && { pinned: pinned.manifest.run }) },
      generatedAt: new Date(clock.now()).toISOString(),
    }).finally(() => progress.stop());
    for (const warning of warnings) line(stderr, `warning: ${printable(warning)}`);
    line(stdout, `Leaderboard of ${runs.length} ${runs.length === 1 ? "run" : "runs"}, ${pages.length} pages:`);
    line(stdout, `  ${pathToFileURL(join(folder, "index.html")).href}`);
    if (singleFile !== undefined) {
      const { writeSingleFile } = await import("../../report/single-file/single-file.ts");
      const { formatBytes } = await import("../terminal/format-bytes.ts");
      const file = resolve(cwd, singleFile);
      const assets = join(packageRoot, "reports", "templates");
      const written = await writeSingleFile({ site: folder, pages, assets, out: file });
      line(stdout, `Single file of ${written.pages} pages, ${formatBytes(written.bytes)}:`);
      line(stdout, `  ${pathToFileURL(file).href}`);
    }
    return problems.length > 0 ? EXIT.data : EXIT.ok;
  },
});
