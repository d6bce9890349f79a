import type { Answer, AnswerRequest, Clock, Generator } from "../../core/contracts.ts";
import { checkAnswer } from "../check-reply.ts";
import { type AnswerCache, CACHED } from "./answer-cache.ts";

export interface CachedGeneratorOptions {
  readonly cache: AnswerCache;
  readonly keyOf: (request: AnswerRequest) => string;
  /** The run that new answers are kept as made by. */
  readonly run: string;
  readonly clock: Clock;
  /** Asks anew and replaces what is kept. @default false */
  readonly refresh?: boolean;
  /** Told of an answer that could not be kept: it is used all the same. */
  readonly onProblem?: (error: unknown) => void;
}

/**
 * A generator that answers from the cache where it can. Only what was measured and keeps to the contract is kept: failures
 * never are, and neither is what was replayed.
 */
export function cachedGenerator(generator: Generator, options: CachedGeneratorOptions): Generator {
  const { cache, keyOf, run, clock, refresh = false, onProblem = () => undefined } = options;
  return {
    async answer(request, signal): Promise<Answer> {
      const key = keyOf(request);
      const kept = refresh ? undefined : await cache.get(key);
      if (kept !== undefined) return { ...kept.answer, timing: CACHED, cachedFrom: kept.from };
      const answer = checkAnswer(await generator.answer(request, signal));
      const { timing, cost: _, hedged: __, cachedFrom: ___, ...rest } = answer;
      if (timing.source === "measured") {
        const at = new Date(clock.now()).toISOString();
        await cache.put(key, { answer: rest, from: { run, at } }).catch(onProblem);
      }
      return answer;
    },
  };
}
