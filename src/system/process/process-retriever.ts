import type { ProcessConfig } from "../../config/retriever-schema.ts";
import type { Retriever } from "../../core/contracts.ts";
import type { Query } from "../../core/query.ts";
import type { BuildContext } from "../build-context.ts";
import { CorpusMatch } from "../outside/corpus-match.ts";
import { noCounts, type OutsideHit, outsideNotes, outsideRanking } from "../outside/outside-ranking.ts";
import { openProgram } from "./open-program.ts";
import { processHits } from "./process-hits.ts";

/** A retriever in a process of its own, in any language: lines of JSON on stdin and stdout. */
export async function buildProcess(config: ProcessConfig, pointer: string, context: BuildContext): Promise<Retriever> {
  const { deps, limits, notes } = context;
  const program = openProgram(config, pointer, context);
  const match = await CorpusMatch.of(deps.passages(), {
    texts: true,
    signal: deps.signal,
    onProgress: (done) => deps.onProgress?.({ stage: "match", done }),
  });
  const counts = noCounts();
  notes.push(() => outsideNotes(program.name, counts));
  if (config.concurrency > 1) limits.push(config.concurrency);
  const ask = async ({ text, history }: Query, k: number, signal: AbortSignal): Promise<OutsideHit[]> => {
    const { reply } = await program.ask({ query: text, k, ...(history && { history }) }, signal);
    return processHits(reply.hits, program.name);
  };
  return {
    async search(queries, k, signal) {
      signal.throwIfAborted();
      return Promise.all(queries.map(async (query) => outsideRanking(await ask(query, k, signal), k, match, counts)));
    },
  };
}
