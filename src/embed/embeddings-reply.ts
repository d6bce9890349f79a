import { SystemFailure } from "../core/errors.ts";
import { quoteValue } from "../lib/text.ts";
import { isObject } from "./json-file.ts";

/**
 * The vectors of a reply of `/v1/embeddings`, in the order of the texts: `index` says whose each is.
 * @param name of the server, for messages
 * @param count how many texts were sent
 * @param dimensions length of every vector; undefined to take the first's
 * @returns row-major vectors, and the tokens that the usage names (0 without one)
 * @throws SystemFailure E_ENDPOINT_REPLY when a vector is missing, double, no vector or not finite,
 *   E_ENCODER_DIMENSIONS when one has another length
 */
export function embeddingsReply(
  name: string,
  reply: unknown,
  count: number,
  dimensions: number | undefined,
): { vectors: Float32Array; tokens: number } {
  const fail = (got: string, code = "E_ENDPOINT_REPLY"): SystemFailure =>
    new SystemFailure(code, `${name} sent ${got}`, { retryable: false });
  const data = isObject(reply) ? reply.data : undefined;
  if (!Array.isArray(data)) throw fail("a reply without a list of vectors in data");
  if (data.length !== count) throw fail(`${data.length} vectors for ${count} texts`);
  let vectors = new Float32Array(count * (dimensions ?? 0));
  let width = dimensions;
  const seen = new Set<number>();
  for (const [place, item] of data.entries()) {
    const embedding: unknown = isObject(item) ? item.embedding : undefined;
    if (!Array.isArray(embedding) || embedding.length === 0)
      throw fail(`no list of numbers in data/${place}/embedding`);
    // Without any index, the order is that of the texts.
    const index: unknown = (item as { index?: unknown }).index ?? place;
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= count) {
      throw fail(`the index ${quoteValue(index)} for ${count} texts`);
    }
    if (seen.has(index as number)) throw fail(`two vectors of index ${index as number}`);
    seen.add(index as number);
    if (width === undefined) {
      width = embedding.length;
      vectors = new Float32Array(count * width);
    }
    if (embedding.length !== width) {
      throw fail(`a vector of ${embedding.length} dimensions among those of ${width}`, "E_ENCODER_DIMENSIONS");
    }
    for (const [i, value] of (embedding as unknown[]).entries()) {
      if (typeof value !== "number" || !Number.isFinite(Math.fround(value))) {
        throw fail(`${quoteValue(value)} in data/${place}/embedding/${i}`);
      }
      vectors[(index as number) * width + i] = value;
    }
  }
  return { vectors, tokens: usedTokens(reply) ?? 0 };
}

/** The tokens that the usage of a reply names, of embeddings or of a re-ranker. */
export function usedTokens(reply: unknown): number | undefined {
  const usage = isObject(reply) ? reply.usage : undefined;
  if (!isObject(usage)) return undefined;
  const tokens = [usage.prompt_tokens, usage.total_tokens].find((n) => Number.isSafeInteger(n) && (n as number) >= 0);
  return tokens as number | undefined;
}
