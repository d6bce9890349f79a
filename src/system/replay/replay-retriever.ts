import type { Retriever } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import { quoteValue } from "../../lib/text.ts";
import { replayed } from "../stage-times.ts";
import type { RunFile } from "./run-file.ts";

/** Ranks as a TREC run file says. A question that the file does not have is a failure, never an empty ranking. */
export function replayRetriever(run: RunFile, name: string): Retriever {
  return replayed({
    async search(queries, k, signal) {
      signal.throwIfAborted();
      return queries.map(({ id }) => {
        const ranking = run.ranking(id, k);
        if (ranking) return ranking;
        throw new SystemFailure("E_REPLAY_MISSING", `${name} has no ranking for query ${quoteValue(id)}`, {
          retryable: false,
        });
      });
    },
  });
}
