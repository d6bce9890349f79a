import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { type Judge, loadJudge, type PeopleJudge } from "./load-judge.ts";
import type { Env } from "./load-system.ts";
import { gradesPassages } from "./passage-judge.ts";
import type { Project } from "./project.ts";
import type { Suite } from "./resolved.ts";

/** A judge that can say something of any answer. */
export type AskableJudge = Exclude<Judge, PeopleJudge>;

/** A judge that decides which answers are refusals, and the criterion on which it does. */
export interface RefusalJudge {
  readonly judge: AskableJudge;
  readonly criterion: string;
}

/**
 * Reads the judge that a suite leaves its refusals to.
 * @returns undefined where the suite names none
 * @throws DataError with what is wrong with the judge's files, or (E_SUITE_JUDGE) with the judge for this purpose
 */
export async function loadRefusalJudge(
  project: Project,
  { config, file }: Pick<Suite, "config" | "file">,
  env: Env,
): Promise<RefusalJudge | undefined> {
  const id = config.refusal?.judge;
  if (id === undefined) return undefined;
  const judge = await loadJudge(project, id, env);
  const where = `${file} /refusal/judge`;
  if (judge.kind === "people") {
    const fix = "name a judge that can be asked; people's labels measure it: bench refusal check";
    const expected = "a judge that can be asked";
    throw new DataError([{ code: "E_SUITE_JUDGE", where, expected, got: `${judge.id}: people, who label later`, fix }]);
  }
  const problems = unfit(judge, where);
  if (problems.length > 0) throw new DataError(problems);
  return { judge, criterion: judge.rubric.criteria[0]!.id };
}

/** Why a judge cannot say what is a refusal. */
function unfit(judge: AskableJudge, where: string): Problem[] {
  const problem = (expected: string, got: string, fix: string): Problem => ({
    ...{ code: "E_SUITE_JUDGE", where, expected, got: `${judge.id}: ${got}`, fix },
  });
  const other = "name another judge: `bench judge init` brings declines-yes-no";
  if (judge.kind === "pairwise") return [problem("a judge of single answers", "it compares two", other)];
  if (gradesPassages(judge)) return [problem("a judge of answers", "it grades passages", other)];
  const { criteria } = judge.rubric;
  const found: Problem[] = [];
  if (criteria.length !== 1) found.push(problem("one criterion", criteria.map(({ id }) => id).join(", "), other));
  const values = criteria[0]!.steps.map(({ value }) => value);
  if (criteria.length === 1 && (values.length !== 2 || values[0] !== 0 || values[1] !== 1))
    found.push(problem("a scale of 0 (an answer) and 1 (a refusal)", `scores ${values.join(", ")}`, other));
  for (const one of judge.kind === "panel" ? judge.members : [judge]) {
    if (one.config.refusals === "judged") continue;
    const fix = `write refusals: judged in ${one.file}`;
    found.push(
      problem(
        "a judge that is shown answers that decline",
        `refusals: apart${one === judge ? "" : ` of ${one.id}`}`,
        fix,
      ),
    );
  }
  return found;
}
