import type { Clock, Generator } from "../../core/contracts.ts";
import { type ReaderSettings, read } from "./read.ts";
import type { TermStatistics } from "./terms.ts";

/**
 * The extractive reader: a generator without a model. It is the floor that a language model must beat to be worth its cost, and
 * no more than that: it neither infers nor combines, and cannot answer yes or no.
 */
export function reader(settings: ReaderSettings, statistics: TermStatistics, clock: Clock): Generator {
  return {
    async answer(request, signal) {
      signal.throwIfAborted();
      const started = clock.monotonic();
      const { text, refused, support } = read(request, settings, statistics);
      const timing = { ms: clock.monotonic() - started, source: "measured" } as const;
      return { text, refused, finish: "stop", confidence: support, timing };
    },
  };
}
