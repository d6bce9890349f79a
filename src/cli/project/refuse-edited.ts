import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { RunList } from "../../runlog/list-runs.ts";
import type { Run } from "../../runlog/open-run.ts";
import { sealProblems } from "../../runlog/verify-run.ts";
import { finishCommand } from "./find-run.ts";

/**
 * Leaves out the runs that were changed since they ended. Of runs that a user named none is left out: it is refused, as is one
 * that has not ended; among all of `runs/` one may be going on.
 * @throws DataError with what is wrong with each of the named runs
 */
export async function refuseEdited({ runs, problems }: RunList, named: boolean): Promise<RunList> {
  const sound: Run[] = [];
  const wrong: Problem[] = [];
  for (const run of runs) {
    const found = named && run.state === "interrupted" ? [interrupted(run)] : await sealProblems(run);
    if (found.length === 0) sound.push(run);
    wrong.push(...found);
  }
  if (named && wrong.length > 0) throw new DataError(wrong);
  return { runs: sound, problems: [...problems, ...wrong] };
}

function interrupted(run: Run): Problem {
  return {
    code: "E_RUN_INTERRUPTED",
    where: run.dir,
    expected: "a finished run",
    got: "a log without its end line: the run was interrupted, goes on, or the log was cut off",
    fix: `finish it: ${finishCommand(run)}`,
  };
}
