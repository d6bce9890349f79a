import type { Answer, Timing } from "../core/contracts.ts";
import { SystemFailure } from "../core/errors.ts";
import type { Hit, Ranking } from "../core/ranking.ts";
import { quoteValue } from "../lib/text.ts";
import { rankIds } from "../metric/index.ts";

const SOURCES: ReadonlySet<string> = new Set<Timing["source"]>(["measured", "replayed", "cached"]);

/** The longest answer taken, in UTF-16 units of text and raw together; escaped as JSON it still fits into a line of a log. */
const LONGEST_ANSWER = 2_000_000;

/**
 * Settles what a retriever returned for one query: ties broken, repeated ids once at their best score.
 * @throws SystemFailure (E_SYSTEM_REPLY) for a reply outside of the contract, which a log could not hold or metrics not read
 */
export function settleRanking(rankings: readonly Ranking[], k: number): Ranking {
  const ranking = rankings?.[0];
  if (rankings?.length !== 1 || !Array.isArray(ranking)) throw broken("one ranking for one query", rankings?.length);
  if (ranking.length > k) throw broken(`at most ${k} hits`, ranking.length);
  const best = new Map<string, number>();
  for (const hit of ranking as Ranking) {
    const [id, score] = hit ?? [];
    if (typeof id !== "string" || id === "") throw broken("hits with an id", hit);
    if (typeof score !== "number" || !Number.isFinite(score))
      throw broken("finite scores", `${score} for ${quoteValue(id)}`);
    best.set(id, Math.max(score, best.get(id) ?? score));
  }
  return rankIds(ranking).map((id): Hit => [id, best.get(id)!]);
}

/** @throws SystemFailure (E_SYSTEM_REPLY, E_ANSWER_SIZE) for a reply outside of the contract */
export function checkAnswer(answer: Answer): Answer {
  const { text, raw, finish, confidence, usage, timing } = answer ?? {};
  if (typeof text !== "string") throw broken("an answer with a text", text);
  if (typeof finish !== "string") throw broken("an answer that says why it ended", finish);
  if (!isDuration(timing?.ms)) throw broken("a latency of 0 ms or more", timing?.ms);
  if (!SOURCES.has(timing.source)) throw broken("a latency that is measured, replayed or cached", timing.source);
  if (timing.firstTokenMs !== undefined && !isDuration(timing.firstTokenMs)) {
    throw broken("a time to the first token of 0 ms or more", timing.firstTokenMs);
  }
  if (confidence !== undefined && !Number.isFinite(confidence)) throw broken("a finite confidence", String(confidence));
  for (const tokens of usage ? [usage.promptTokens, usage.completionTokens, usage.cachedPromptTokens ?? 0] : []) {
    if (!Number.isInteger(tokens) || tokens < 0) throw broken("whole numbers of tokens", tokens);
  }
  const length = text.length + (raw?.length ?? 0);
  if (length > LONGEST_ANSWER) {
    const message = `the answer has ${length} characters, more than the ${LONGEST_ANSWER} that are taken`;
    throw new SystemFailure("E_ANSWER_SIZE", message, { retryable: false });
  }
  return answer;
}

function isDuration(ms: number | undefined): boolean {
  return Number.isFinite(ms) && ms! >= 0;
}

function broken(expected: string, got: unknown): SystemFailure {
  const message = `expected ${expected}, got ${quoteValue(got)}`;
  return new SystemFailure("E_SYSTEM_REPLY", message, { retryable: false });
}
