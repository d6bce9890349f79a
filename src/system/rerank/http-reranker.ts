import type { HttpRerankerConfig } from "../../config/encoder-schema.ts";
import { DataError } from "../../core/errors.ts";
import { usedTokens } from "../../embed/embeddings-reply.ts";
import { isObject } from "../../embed/json-file.ts";
import { quoteValue } from "../../lib/text.ts";
import { type BuildContext, writtenValue } from "../build-context.ts";
import { askHttp, BadHttpReply } from "../http/ask-http.ts";
import { openHttpEndpoint } from "../http/http-endpoint.ts";
import { probeServer } from "../http/probe-server.ts";
import { limiter } from "../limiter.ts";
import { placeOf } from "../named-file.ts";
import type { Patience } from "../openai/ask-endpoint.ts";
import { heardFetch, pacedPatience, patienceOf } from "../paced-patience.ts";
import type { Reranker } from "./rerank-retriever.ts";

/** A server with `/rerank` as Cohere, Jina and vLLM have it: POST {model, query, documents, top_n}. */
export function buildHttpReranker(config: HttpRerankerConfig, pointer: string, context: BuildContext): Reranker {
  const { system, deps } = context;
  const place = (key: string): string => placeOf(system, `${pointer}/${key}`);
  const { api_key_env: variable } = config;
  const paced = pacedPatience(config, place("url"), context);
  const endpoint = openHttpEndpoint({
    address: config.url,
    written: writtenValue(system, `${pointer}/url`) ?? "the re-ranker",
    headers: variable ? [{ name: "authorization", variable, before: "Bearer ", where: place("api_key_env") }] : [],
    env: deps.env,
    fetch: heardFetch(deps.fetch ?? globalThis.fetch, paced),
  });
  if (!("send" in endpoint)) throw new DataError(endpoint);
  const limit = limiter(config.concurrency);
  const ask = async (query: string, documents: readonly string[], patience: Patience, signal: AbortSignal) => {
    const body = JSON.stringify({ model: config.model, query, documents, top_n: documents.length });
    const read = (reply: unknown) => ({ scores: relevanceScores(reply, documents.length), tokens: usedTokens(reply) });
    return (await askHttp(endpoint, { method: "POST", body }, patience, signal, read, ({ tokens }) => tokens)).scores;
  };
  context.limits.push(config.concurrency);
  const atOnce = patienceOf(config, deps);
  context.preflights.push((signal) => probeServer(() => ask("preflight", ["preflight"], atOnce, signal), place("url")));
  return { score: (query, documents, signal) => limit(() => ask(query, documents, paced, signal), signal) };
}

/**
 * The scores of a reply's `results`, in the order of the documents: `index` says whose each is.
 * @throws BadHttpReply when a document has none, two, or one that is no finite number
 */
function relevanceScores(reply: unknown, count: number): number[] {
  const results = isObject(reply) ? reply.results : undefined;
  if (!Array.isArray(results)) throw new BadHttpReply("a reply without a list of results");
  const scores = new Array<number | undefined>(count).fill(undefined);
  for (const [place, result] of (results as unknown[]).entries()) {
    const { index, relevance_score: score } = isObject(result) ? result : {};
    if (!Number.isInteger(index) || !((index as number) >= 0 && (index as number) < count)) {
      throw new BadHttpReply(`the index ${quoteValue(index)} for ${count} documents`);
    }
    if (typeof score !== "number" || !Number.isFinite(Math.fround(score))) {
      throw new BadHttpReply(`${quoteValue(score)} in results/${place}/relevance_score`);
    }
    if (scores[index as number] !== undefined) throw new BadHttpReply(`two results of index ${index as number}`);
    scores[index as number] = score;
  }
  return scores.map((score, at) => {
    if (score === undefined) throw new BadHttpReply(`no result for document ${at} of ${count}`);
    return score;
  });
}
