import type { RerankConfig } from "../../config/retriever-schema.ts";
import type { Retriever } from "../../core/contracts.ts";
import type { Passage } from "../../core/passage.ts";
import type { BuildContext } from "../build-context.ts";
import type { SystemDeps } from "../build-system.ts";
import { besideSystem } from "../named-file.ts";
import { openCrossEncoder } from "./cross-encoder.ts";
import { buildHttpReranker } from "./http-reranker.ts";
import { type RerankCounts, rerankRetriever } from "./rerank-retriever.ts";

/** Puts a re-ranker behind a retriever; one that never changes an order is told of after the run. */
export async function buildRerank(
  { depth, title, reranker: config }: RerankConfig,
  pointer: string,
  context: BuildContext,
  first: Retriever,
): Promise<Retriever> {
  const counts: RerankCounts = { asked: 0, changed: 0 };
  const reranker =
    config.kind === "http"
      ? buildHttpReranker(config, `${pointer}/reranker`, context)
      : await openCrossEncoder({
          folder: besideSystem(context.system, config.path),
          ...(config.max_tokens !== undefined && { maxTokens: config.max_tokens }),
          ...(config.threads !== undefined && { threads: config.threads }),
        });
  context.notes.push(() =>
    counts.asked > 0 && counts.changed === 0
      ? [
          `rerank: the re-ranker changed the order of none of ${counts.asked} rankings: it is of no use here, or not at work`,
        ]
      : [],
  );
  const lookup = context.deps.lookup ?? (await allPassages(context.deps));
  const monotonic = () => context.deps.clock.monotonic();
  return rerankRetriever({ first, reranker, depth, title, lookup, counts, monotonic });
}

async function allPassages({ passages, signal }: SystemDeps): Promise<NonNullable<SystemDeps["lookup"]>> {
  const byId = new Map<string, Passage>();
  for await (const passage of passages()) {
    byId.set(passage.id, passage);
    if (byId.size % 4096 === 0) signal.throwIfAborted();
  }
  return async (ids) => ids.map((id) => byId.get(id));
}
