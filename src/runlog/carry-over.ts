import { BadArgument } from "../core/errors.ts";
import { openRun } from "./open-run.ts";
import { readLog } from "./read-run.ts";
import type { AnswerLine, Retried, RetrievalLine } from "./schema.ts";
import { groupOf } from "./slots.ts";

/** A finished run of which only the failures are to be asked again. */
export interface CarryOver {
  /** For the manifest of the run that asks again. */
  readonly retried: Retried;
  /** What the new run begins with: every result that is no failure, as it stands in the old log. */
  lines(): AsyncIterable<RetrievalLine | AnswerLine>;
}

/**
 * Reads which results of a finished run are failures. The run itself stays as it is.
 * @throws DataError when it is no run or damaged; BadArgument when it is not finished
 */
export async function carryOver(dir: string): Promise<CarryOver> {
  const { manifest, end } = await openRun(dir);
  if (end === undefined) throw new BadArgument(`${dir} is not finished`);
  const results: (readonly [string, string, number])[] = [];
  for await (const line of readLog(dir)) {
    if (line.kind === "failure") results.push([line.query, groupOf(line), line.trial]);
  }
  return {
    retried: { run: manifest.run, sha256: end.sha256, results },
    async *lines() {
      for await (const line of readLog(dir)) if (line.kind === "retrieval" || line.kind === "answer") yield line;
    },
  };
}
