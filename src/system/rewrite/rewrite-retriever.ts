import type { Generator, Retriever } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import type { Query } from "../../core/query.ts";
import { quoteValue } from "../../lib/text.ts";
import { type Monotonic, StageTimes, searchTimed } from "../stage-times.ts";

/** Longest question that is searched for, in characters: a model that rambles is a failure, not a search. */
const LONGEST = 4000;

export interface RewriteCounts {
  asked: number;
  changed: number;
}

export interface RewriteOptions {
  readonly first: Retriever;
  /** Answers a question that has a history with one that stands alone. */
  readonly rewriter: Generator;
  /** Whether questions without history are rewritten as well. */
  readonly always: boolean;
  readonly counts: RewriteCounts;
  readonly monotonic: Monotonic;
}

/**
 * Searches with a question that stands alone in place of one that leans on what was said before. Rows keep their order, and a
 * question that is not rewritten is searched for as it is. The generator still gets the question as it was asked. A question
 * whose rewriting fails or is empty is a failure of that question: to search with the unrewritten one would hide it.
 */
export function rewriteRetriever({ first, rewriter, always, counts, monotonic }: RewriteOptions): Retriever {
  const rewrite = async (query: Query, signal: AbortSignal): Promise<Query> => {
    if (!always && !query.history?.length) return query;
    const request = { query, passages: [], condition: "rewrite", trial: 0 };
    const { text, finish } = await rewriter.answer(request, signal);
    if (text === "" || text.length > LONGEST) {
      const got = text === "" ? `nothing (${finish})` : `${text.length} characters`;
      const message = `the rewriter made ${got} of the question ${quoteValue(query.text)}`;
      throw new SystemFailure("E_REWRITE", message, { retryable: false });
    }
    counts.asked += 1;
    if (text !== query.text) counts.changed += 1;
    const { history: _, ...rest } = query;
    return { ...rest, text };
  };
  const rewriteAll = (queries: readonly Query[], signal: AbortSignal): Promise<Query[]> => {
    signal.throwIfAborted();
    return Promise.all(queries.map((query) => rewrite(query, signal)));
  };
  return {
    async search(queries, k, signal, onRewritten) {
      const alone = await rewriteAll(queries, signal);
      for (const [at, { text }] of alone.entries()) if (text !== queries[at]!.text) onRewritten?.(at, text);
      return first.search(alone, k, signal);
    },
    async searchTimed(queries, k, signal) {
      const times = new StageTimes(monotonic);
      const alone = await times.run("rewrite", () => rewriteAll(queries, signal));
      const found = await searchTimed(first, alone, k, signal, monotonic);
      return { ...found, stages: [...times.stages, ...found.stages] };
    },
  };
}
