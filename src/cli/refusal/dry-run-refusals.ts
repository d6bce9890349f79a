import type { RefusalJudge } from "../../config/index.ts";
import { formatCondition } from "../../core/condition.ts";
import { BenchError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { PlacedRequest } from "../../judge/index.ts";
import { printable } from "../../lib/text.ts";
import type { Placement, Plan } from "../../run/index.ts";
import { gradesFile, openRun } from "../../runlog/index.ts";
import { type Deps, line } from "../deps.ts";
import type { Job } from "../job/prepare-job.ts";
import { type JudgingTask, printPlan } from "../judge/judge-cost.ts";
import { gradingTask } from "../judge/judge-grade.ts";
import { buildGrader } from "../judge/judge-grader.ts";
import { allJudged, askedJudges } from "./decide-refusals.ts";

/** Says what the judge of refusals would be asked when a planned run has its answers. @param problems takes why it could not be */
export async function planRefusals(
  { judge }: RefusalJudge,
  { plan, place, job }: { readonly plan: Plan; readonly place: Placement; readonly job: Pick<Job, "project"> },
  problems: Problem[],
  deps: Deps,
): Promise<void> {
  if (plan.manifest.refusalJudge === undefined || (await allJudged(gradesFile(place.dir, judge)))) return;
  for (const asked of askedJudges(judge)) {
    if (asked.kind === "lexical") {
      line(deps.stdout, `then ${asked.id} on ${printable(place.run)}: no model is asked; no cost`);
      continue;
    }
    try {
      const { preflight } = await buildGrader(asked, job.project, deps);
      const { contextWindow } = await preflight(deps.signal);
      const task = {
        ...(place.action === "reuse"
          ? gradingTask(asked, await openRun(place.dir), ALL)
          : expectedTask(asked, plan, place)),
        about: `then ${asked.id} on ${place.run}`,
      };
      if (place.action !== "reuse")
        line(deps.stdout, "The answers are not there yet: to the prompts below their length is to be added.");
      await printPlan(task, contextWindow, job.project, deps);
    } catch (error) {
      if (!(error instanceof BenchError)) throw error;
      problems.push(...error.problems);
      line(deps.stdout, `then ${asked.id} on ${printable(place.run)}: its endpoint cannot be used: ${error.code}\n`);
    }
  }
}

const ALL = { condition: [], limit: undefined, repeats: undefined, fresh: false } as const;

/** The prompts of answers that nobody has given yet. */
function expectedTask(judge: JudgingTask["judge"], plan: Plan, { dir }: Placement): Omit<JudgingTask, "about"> {
  return {
    judge,
    path: gradesFile(dir, judge),
    fresh: false,
    async *requests(): AsyncGenerator<PlacedRequest> {
      const shown = { answer: "", passages: [], goldPassages: [] };
      for (const { id, text, answers, history } of plan.questions.records) {
        const query = { id, text, ...(answers && { answers }), ...(history && { history }) };
        for (const condition of plan.conditions.map(formatCondition))
          for (let trial = 0; trial < plan.manifest.trials; trial += 1)
            for (let repeat = 0; repeat < judge.config.repeats; repeat += 1)
              yield { ...shown, query, condition, trial, repeat };
      }
    },
  };
}
