import type { Generator } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import { quoteValue } from "../../lib/text.ts";
import type { AnswersFile } from "./answers-file.ts";

/** Answers as a file of saved answers says. A question that the file does not have is a failure, never an empty answer. */
export function replayGenerator(file: AnswersFile, name: string): Generator {
  return {
    async answer({ query, condition, trial }, signal) {
      signal.throwIfAborted();
      const saved = file.find(query.id, condition, trial);
      if (!saved) {
        const what = `query ${quoteValue(query.id)} under ${condition}, trial ${trial}`;
        throw new SystemFailure("E_REPLAY_MISSING", `${name} has no answer for ${what}`, { retryable: false });
      }
      const { text, refused, finish = "stop", confidence } = saved;
      return {
        text,
        ...(refused !== undefined && { refused }),
        ...(confidence !== undefined && { confidence }),
        finish,
        // A saved answer has no latency of its own.
        timing: { ms: 0, source: "replayed" },
      };
    },
  };
}
