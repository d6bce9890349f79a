import type { Judge as LoadedJudge } from "../../config/load-judge.ts";
import type { Clock } from "../../core/contracts.ts";
import { UnavailableError } from "../../core/errors.ts";
import { GRADES_SCHEMA, type GradingHead, openRun } from "../../runlog/index.ts";
import type { GradeRunOptions } from "./grade-run.ts";
import { type SelfPreference, selfPreference } from "./self-preference.ts";

/** Whether answers that decline are graded too; by a panel where all of its members grade them. */
export function judgesRefusals(judge: LoadedJudge): boolean {
  return judge.kind === "panel" ? judge.members.every(judgesRefusals) : judge.config.refusals === "judged";
}

/** @throws UnavailableError when the run is not complete */
export async function gradingHead(
  dir: string,
  judge: LoadedJudge,
  { repeats, panel, people, referencesBy = [] }: Pick<GradeRunOptions, "repeats" | "panel" | "people" | "referencesBy">,
  clock: Clock,
): Promise<GradingHead> {
  const { manifest, end } = await openRun(dir);
  if (!end)
    throw new UnavailableError([
      {
        code: "E_RUN_INTERRUPTED",
        where: dir,
        expected: "a complete run",
        got: "one without its end",
        fix: "finish it with `bench run --resume`",
      },
    ]);
  const own = selfPreference(judge, [manifest.system], referencesBy);
  return {
    kind: "grading",
    schema: GRADES_SCHEMA,
    run: manifest.run,
    log: end.sha256,
    ...instrumentPart(judge, own),
    repeats,
    refusals: judgesRefusals(judge) ? "judged" : "apart",
    startedAt: new Date(clock.now()).toISOString(),
    ...(panel && { panel }),
    ...(people && { people }),
  };
}

/** The judge and what it decides, as files of grades name them. @param own the other parts that its model plays */
export function instrumentPart(
  { id, sha256, rubric, config }: LoadedJudge,
  own: readonly SelfPreference[],
): Pick<GradingHead, "judge" | "criteria"> {
  return {
    judge: {
      id,
      sha256,
      rubric: rubric.sha256,
      ...(config.title && { title: config.title }),
      config,
      ...(own.length > 0 && { selfPreference: [...own] }),
    },
    criteria: rubric.criteria.map(({ id: name, question, steps, weight }) => ({
      id: name,
      question,
      steps: [...steps],
      ...(weight !== undefined && { weight }),
    })),
  };
}
