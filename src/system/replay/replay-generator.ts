import type { Generator } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import { afterMarker } from "../../lib/answer-marker.ts";
import { quoteValue } from "../../lib/text.ts";
import type { AnswerSource } from "./table-answers.ts";

export interface ReplayOptions {
  /** What stands before the answer proper; it is parsed off, and the whole is kept as `raw`. */
  readonly marker?: string | undefined;
  /** Whether the system never declines: what the file does not say itself is then no refusal. @default false */
  readonly alwaysAnswers?: boolean;
}

/** Answers as a file of saved answers says. A question that the file does not have is a failure, never an empty answer. */
export function replayGenerator(
  file: Pick<AnswerSource, "find">,
  name: string,
  { marker, alwaysAnswers = false }: ReplayOptions = {},
): Generator {
  return {
    async answer({ query, condition, trial }, signal) {
      signal.throwIfAborted();
      const saved = file.find(query, condition, trial);
      if (!saved) {
        const what = `query ${quoteValue(query.id)} under ${condition}, trial ${trial}`;
        throw new SystemFailure("E_REPLAY_MISSING", `${name} has no answer for ${what}`, { retryable: false });
      }
      const { text: raw, refused = alwaysAnswers ? false : undefined, finish = "stop", confidence } = saved;
      const text = marker === undefined ? raw : afterMarker(raw, marker);
      return {
        text,
        ...(text !== raw && { raw }),
        ...(refused !== undefined && { refused }),
        ...(confidence !== undefined && { confidence }),
        finish,
        // A saved answer has no latency of its own.
        timing: { ms: 0, source: "replayed" },
      };
    },
  };
}
