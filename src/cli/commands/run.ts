import { relative } from "node:path";
import { findProject, listSuites, listSystems, loadSuite, loadSystem, type Project } from "../../config/index.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { openDataset, openPassageStore } from "../../dataset/index.ts";
import { printable } from "../../lib/text.ts";
import { summarise } from "../../report/summary.ts";
import {
  executeRun,
  exitCodeOf,
  loadQuestions,
  type Placement,
  type Plan,
  placeRun,
  planRun,
  type RunResult,
} from "../../run/index.ts";
import { buildSystem } from "../../system/index.ts";
import { codeState } from "../code-state.ts";
import { defineCommand, flag, list, optional, value } from "../command.ts";
import { type Deps, line } from "../deps.ts";
import { choice, integer, text } from "../parse-value.ts";
import { startProgress } from "../progress.ts";
import { renderSummary } from "../render-summary.ts";

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
      "of the result table: text, markdown, csv or json",
      choice("text", "markdown", "csv", "json"),
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
    const { cwd, env, stdout, stderr } = deps;
    const project = await findProject(cwd);
    const suite = await loadSuite(project, options.suite ?? (await onlySuite(project)), {
      ...(options.topk.length > 0 && { topk: [...new Set(options.topk)] }),
      ...(options.trials !== undefined && { trials: options.trials }),
      ...(options.seed !== undefined && { seed: options.seed }),
    });
    const ids = [...new Set(options.system)];
    if (ids.length === 0) throw await noSystem(project);
    const systems = [];
    for (const id of ids) systems.push(await loadSystem(project, id, env));
    const note = (message: string): void => {
      if (!options.quiet) line(stderr, printable(message));
    };

    const dataset = await openDataset(suite.datasetDir);
    const fingerprint = await dataset.fingerprint();
    const questions = await loadQuestions(dataset, suite.config.split, {
      ...(options.limit !== undefined && { limit: options.limit }),
      ...(options.query.length > 0 && { only: options.query }),
    });
    const code = await codeState(project.root);
    const plans = systems.map((system) =>
      planRun({
        suite,
        system,
        dataset: { id: dataset.id, sha256: fingerprint.sha256, passages: fingerprint.passages },
        questions,
        code,
        machine: deps.machine,
        command: deps.commandLine,
      }),
    );
    for (const warning of new Set(plans.flatMap((plan) => plan.warnings.map(formatProblem))))
      note(`warning: ${warning}`);

    const dirs: string[] = [];
    let exitCode: number = EXIT.ok;
    const passages = await openPassageStore(dataset);
    try {
      for (const [i, plan] of plans.entries()) {
        const place = await placeRun(project.runs, plan, options);
        dirs.push(place.dir);
        if (place.action === "reuse") {
          note(`${place.run}: finished before; --fresh runs it again`);
          continue;
        }
        const built = await buildSystem(systems[i]!, {
          passages: () => dataset.passages(),
          corpusSha256: fingerprint.corpusSha256,
          cacheDir: project.cache,
          env,
          signal: deps.signal,
          clock: deps.clock,
          onProgress: ({ done }) => note(`${systems[i]!.id}: indexing, ${done} passages`),
        });
        try {
          const result = await carryOut(plan, place, { ...deps, quiet: options.quiet }, built, passages);
          report(result, note, relative(cwd, place.dir));
          exitCode = Math.max(exitCode, exitCodeOf(result, suite.config.max_failures));
        } finally {
          await built.close();
        }
        if (exitCode === EXIT.interrupted) return exitCode;
      }
    } finally {
      await passages.close();
    }
    stdout.write(renderSummary(await summarise(dirs), options.format, stdout));
    if (exitCode === EXIT.unavailable) {
      line(stderr, `more questions failed than the suite's max_failures (${suite.config.max_failures}) allows`);
      line(stderr, "  fix: `bench log show RUN --failed` lists them; then repeat with --fresh");
    }
    note("\nNext: `bench report` builds the leaderboard, `bench gate BASELINE CANDIDATE` compares two runs");
    return exitCode;
  },
});

async function carryOut(
  plan: Plan,
  place: Placement,
  deps: Deps & { quiet: boolean },
  system: Awaited<ReturnType<typeof buildSystem>>,
  passages: Awaited<ReturnType<typeof openPassageStore>>,
): Promise<RunResult> {
  const progress = startProgress(plan.manifest.system.id, deps.quiet, deps);
  try {
    return await executeRun(plan, place, {
      system,
      passages,
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

function report(result: RunResult, note: (message: string) => void, dir: string): void {
  const { run, counts, done, total } = result;
  if (result.state === "interrupted") {
    note(`${run}: interrupted at ${done} of ${total}; the same command with --resume goes on`);
    return;
  }
  const failed = counts.failures > 0 ? `, ${counts.failures} failed` : "";
  note(`${run}: ${counts.retrievals} rankings, ${counts.answers} answers${failed}; ${dir}/run.jsonl`);
}

async function onlySuite(project: Project): Promise<string> {
  const suites = await listSuites(project);
  if (suites.length === 1) return suites[0]!;
  throw new UsageError({
    code: "E_USAGE",
    where: "--suite",
    expected: suites.length === 0 ? "a suite in benchmarks/<id>/suite.yaml" : `one of ${suites.join(", ")}`,
    got: "nothing",
    fix: suites.length === 0 ? "make one with `bench init`" : `add --suite ${suites[0]}`,
  });
}

async function noSystem(project: Project): Promise<UsageError> {
  const systems = await listSystems(project);
  return new UsageError({
    code: "E_USAGE",
    where: "--system",
    expected:
      systems.length === 0 ? "a system in benchmarks/systems/<id>.yaml" : `one or more of ${systems.join(", ")}`,
    got: "nothing",
    fix: systems.length === 0 ? "make one with `bench init`" : `add --system ${systems[0]}`,
  });
}
