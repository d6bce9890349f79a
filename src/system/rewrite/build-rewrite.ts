import type { RewriteConfig } from "../../config/retriever-schema.ts";
import type { Generator, Retriever } from "../../core/contracts.ts";
import type { BuildContext } from "../build-context.ts";
import { limiter } from "../limiter.ts";
import { buildOpenAi } from "../openai/build-openai.ts";
import { REWRITE_PROMPT } from "../prompt/default-prompt.ts";
import { type RewriteCounts, rewriteRetriever } from "./rewrite-retriever.ts";

/** Puts a model that rewrites questions before a retriever; how often it changed one is told after the run. */
export async function buildRewrite(
  { rewriter: config, when }: RewriteConfig,
  pointer: string,
  context: BuildContext,
  first: Retriever,
): Promise<Retriever> {
  // Messages would let the model answer the conversation instead of rewriting its last question.
  const { history = "prompt" } = config;
  const model = await buildOpenAi({ ...config, history }, `${pointer}/rewriter`, context, REWRITE_PROMPT);
  const limit = limiter(config.concurrency);
  const rewriter: Generator = { answer: (request, signal) => limit(() => model.answer(request, signal), signal) };
  context.limits.push(config.concurrency);
  const counts: RewriteCounts = { asked: 0, changed: 0 };
  context.notes.push(() =>
    counts.asked > 0
      ? [`rewrite: ${counts.changed} of ${counts.asked} questions were searched for in other words`]
      : [],
  );
  const monotonic = () => context.deps.clock.monotonic();
  return rewriteRetriever({ first, rewriter, always: when === "always", counts, monotonic });
}
