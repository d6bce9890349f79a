import { relative } from "node:path";
import { EXIT } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { openPassageStore, type PassageStore } from "../../dataset/index.ts";
import { formatSummary, SUMMARY_FORMATS, summarise } from "../../report/index.ts";
import { executeRun, exitCodeOf, type Placement, type Plan, placeRun, type RunResult } from "../../run/index.ts";
import { type BuiltSystem, buildSystem } from "../../system/index.ts";
import { defineCommand, flag, list, optional, value } from "../command.ts";
import { type Deps, line, type Output, terminalOf } from "../deps.ts";
import { choice, integer, text } from "../parse-value.ts";
import { type Job, prepareJob } from "../prepare-job.ts";
import { startProgress } from "../progress.ts";

export const run = defineCommand({
  name: "run",
  summary: "put a suite's questions to systems and score the answers",
  details: [
    "A finished run of the same suite, system and dataset is not repeated: --fresh makes another. An interrupted one goes",
    "on with --resume and repeats nothing that is finished. A question whose system fails is recorded as failed and scores",
    "the floor; when more fail than the suite's max_failures, the exit code is 4.",
  ].join("\n"),
  options: {
    suite: optional("-b, --suite <id>", "the suite; may be left out where there is only one", text),
    system: list("-s, --system <id>", "the systems under test", text),
    topk: list(
      "-k, --topk <k>",
      "how many passages the generator is given; replaces the suite's rag conditions",
      integer(1, 100_000),
    ),
    trials: optional("--trials <n>", "how often each question is asked", integer(1, 1000)),
    seed: optional("--seed <n>", "the seed of all random numbers", integer(0)),
    limit: optional("--limit <n>", "only the first questions", integer(1)),
    query: list("--query <id>", "only these questions", text),
    resume: flag("--resume", "go on with an interrupted run"),
    fresh: flag("--fresh", "run again although there is a run already"),
    format: value(
      "--format <format>",
      `of the result table: ${SUMMARY_FORMATS.join(", ")}`,
      choice(...SUMMARY_FORMATS),
      "text",
    ),
    quiet: flag("-q, --quiet", "no progress and no notes, only the result table"),
  },
  examples: [
    { command: "bench run --system bm25-reader --topk 3,5,7", says: "one system at three depths on the only suite" },
    { command: "bench run --suite handbook --system bm25-reader,raft-8b", says: "two systems, compared in one table" },
    { command: "bench run --system raft-8b --limit 4", says: "a pilot of four questions" },
    { command: "bench run --system raft-8b --resume", says: "goes on where a stopped run was" },
  ],
  async run(_, options, deps) {
    const { stdout, stderr } = deps;
    const notes: Output = options.quiet ? { ...stderr, write: () => undefined } : stderr;
    const job = await prepareJob(options, deps);
    const warnings = job.parts.flatMap(({ plan }) => plan.warnings.map(formatProblem));
    for (const warning of new Set(warnings)) line(notes, `warning: ${warning}`);

    const dirs: string[] = [];
    let failures = false;
    const passages = await openPassageStore(job.dataset);
    try {
      for (const { system, plan } of job.parts) {
        const place = await placeRun(job.project.runs, plan, options);
        dirs.push(place.dir);
        if (place.action === "reuse") {
          line(notes, `${place.run}: finished before; --fresh runs it again`);
          continue;
        }
        const built = await buildSystem(system, {
          passages: () => job.dataset.passages(),
          corpusSha256: job.fingerprint.corpusSha256,
          cacheDir: job.project.cache,
          env: deps.env,
          signal: deps.signal,
          clock: deps.clock,
          onProgress: ({ done }) => line(notes, `${system.id}: ${done} passages indexed`),
        });
        const result = await carryOut(plan, place, { system: built, passages }, options.quiet, deps).finally(() =>
          built.close(),
        );
        line(notes, describeResult(result, relative(deps.cwd, place.dir)));
        const exitCode = exitCodeOf(result, job.suite.config.max_failures);
        if (exitCode === EXIT.interrupted) return exitCode;
        failures ||= exitCode !== EXIT.ok;
      }
    } finally {
      await passages.close();
    }
    stdout.write(formatSummary(await summarise(dirs), options.format, terminalOf(stdout)));
    if (failures) line(stderr, tooManyFailures(job));
    line(notes, "\nNext: `bench report` builds the leaderboard; `bench gate BASELINE CANDIDATE` compares two runs");
    return failures ? EXIT.unavailable : EXIT.ok;
  },
});

async function carryOut(
  plan: Plan,
  place: Placement,
  parts: { readonly system: BuiltSystem; readonly passages: PassageStore },
  quiet: boolean,
  deps: Deps,
): Promise<RunResult> {
  const progress = startProgress(plan.manifest.system.id, quiet, deps);
  try {
    return await executeRun(plan, place, {
      ...parts,
      clock: deps.clock,
      signal: deps.signal,
      owner: deps.owner,
      onEvent: (event) => {
        if (event.type !== "finished") progress.update(event);
      },
    });
  } finally {
    progress.stop();
  }
}

function describeResult({ run, state, counts, done, total }: RunResult, dir: string): string {
  if (state === "interrupted") {
    return `${run}: interrupted at ${done} of ${total}; the same command with --resume goes on`;
  }
  const failed = counts.failures > 0 ? `, ${counts.failures} failed` : "";
  return `${run}: ${counts.retrievals} rankings, ${counts.answers} answers${failed}; log in ${dir}`;
}

function tooManyFailures({ suite }: Job): string {
  return [
    `more questions failed than the suite's max_failures (${suite.config.max_failures}) allows`,
    "  fix: `bench log show RUN --failed` lists them; mend the system, then repeat with --fresh",
  ].join("\n");
}
