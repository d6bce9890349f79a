import type { Passage } from "./passage.ts";
import type { Query } from "./query.ts";
import type { Ranking } from "./ranking.ts";

/** Ranks passages for queries. Implementations pass `system/testing/retriever-conformance.ts`. */
export interface Retriever {
  /**
   * @param k how many hits are wanted per query, >= 1; fewer may come back, never more
   * @param onRewritten told of each query, by its place, that was searched for in other words
   * @returns one ranking per query, in the order of the queries
   * @throws SystemFailure when the call failed for these queries
   */
  search(
    queries: readonly Query[],
    k: number,
    signal: AbortSignal,
    onRewritten?: (at: number, text: string) => void,
  ): Promise<readonly Ranking[]>;
  /**
   * The same search with the same rankings, its stages timed apart. Everything is computed anew: what `search` may take from
   * a store (vectors of questions, saved replies) is not looked up here, and where that cannot be helped `source` says so.
   * Absent where there is one stage only and nothing is stored: then the call of `search` is what is measured.
   */
  searchTimed?(queries: readonly Query[], k: number, signal: AbortSignal): Promise<TimedSearch>;
}

/** One part of a search, of all queries of the call together: `encode`, `search`, `fuse`, `rerank`. */
export type StageTime = readonly [stage: string, ms: number];

/** What a timed search returned. */
export interface TimedSearch {
  readonly rankings: readonly Ranking[];
  /** In the order they ran, each name once; disjoint, so that they add up to the call's time but for what lies between. */
  readonly stages: readonly StageTime[];
  /** `measured` only where nothing came from a cache, a store or a file. */
  readonly source: Timing["source"];
}

/** One question put to a generator, with the context its condition allows. */
export interface AnswerRequest {
  readonly query: Query;
  /** Best first; empty under `closed-book`. */
  readonly passages: readonly Passage[];
  readonly condition: string;
  /** 0-based number of the repetition. */
  readonly trial: number;
  /** Called as each piece of a streamed answer comes, usually a token; a generator that gets its answer whole never calls it. */
  readonly onToken?: () => void;
}

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Of the prompt's tokens, those the server took from its own prompt cache; only where it says so. */
  readonly cachedPromptTokens?: number;
}

/** What one measured answer cost. An answer without it cost an unknown amount, never nothing. */
export interface Cost {
  /** US dollars, 0 or more. */
  readonly usd: number;
  /** What was multiplied by the price: the tokens that the server counted, or the time of a machine paid by the hour. */
  readonly basis: "tokens" | "time";
}

/** When and by which run a cached answer was made. */
export interface CachedFrom {
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface Timing {
  /** From the start of the call to the first token, in milliseconds; only where the system streams. */
  readonly firstTokenMs?: number;
  /** From the start of the call to its end, in milliseconds; scoring excluded. */
  readonly ms: number;
  /** A replayed or cached answer has no latency of its own. */
  readonly source: "measured" | "replayed" | "cached";
}

/** What a generator returned. */
export interface Answer {
  /** The answer proper: markers and reasoning before them are parsed off by the system. */
  readonly text: string;
  /** All that the system said, where that differs from `text`. */
  readonly raw?: string;
  /** Set when the system itself says whether it declined; otherwise the suite's detector decides. */
  readonly refused?: boolean;
  /** Why generation ended: `stop`, `length` (hit the token limit), or what the server said. */
  readonly finish: string;
  readonly usage?: Usage;
  /** How sure the system is, any scale, higher is surer. */
  readonly confidence?: number;
  readonly timing: Timing;
  /** Two requests were sent for it, since the first had not begun to answer in time; its latency counts from the first. */
  readonly hedged?: true;
  /** Of a measured answer whose price is known; generators leave it out, what calls them fills it in. */
  readonly cost?: Cost;
  /** Of a cached answer: it has no latency and no cost of its own. */
  readonly cachedFrom?: CachedFrom;
}

/** Answers questions. Implementations pass `system/testing/generator-conformance.ts`. */
export interface Generator {
  /** @throws SystemFailure when this question got no answer */
  answer(request: AnswerRequest, signal: AbortSignal): Promise<Answer>;
}

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** How a reply of a wanted shape is asked for: held to a JSON schema, as the arguments of a tool, or in words alone. */
export type ReplyForm = "json-schema" | "tool" | "text";

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  /** The shape that the reply should have, as a JSON schema with a name of letters, digits and `_`. */
  readonly shape?: { readonly name: string; readonly schema: object };
  /** 0-based number of the repetition. A model that samples by a seed takes another one for each. */
  readonly repeat: number;
}

export interface ChatReply {
  /** What the model said; the arguments, as JSON, where it called the tool. */
  readonly text: string;
  readonly finish: string;
  /** How the shape was asked for; servers that know neither schemas nor tools are asked in words. */
  readonly form: ReplyForm;
  readonly usage?: Usage;
  readonly timing: Timing;
}

/** A model to talk with, for those who make their own prompts, such as judges. */
export interface ChatModel {
  /** @throws SystemFailure when there is no reply */
  complete(request: ChatRequest, signal: AbortSignal): Promise<ChatReply>;
}

/** One answer to grade, with what a judge may be shown. */
export interface GradeRequest {
  /** With its references in `answers`. */
  readonly query: Query;
  /** What the generator was given, best first. */
  readonly passages: readonly Passage[];
  readonly goldPassages: readonly Passage[];
  readonly answer: string;
  /** The second of two answers, for a judge of pairs. */
  readonly other?: string;
  /** 0-based number of the repetition. */
  readonly repeat: number;
}

/** What a judge made of one answer. A judge that gave no verdict failed: no score stands for that. */
export type Grade = {
  /** All that the judge said, the last attempt's. */
  readonly raw: string;
  /** How often it was asked: twice where the first reply was no verdict. */
  readonly asked: number;
  /** Of all attempts together. */
  readonly usage?: Usage;
  readonly timing: Timing;
} & (
  | {
      readonly ok: true;
      /** Criterion → value, on the scales of the judge's rubric. */
      readonly scores: ReadonlyMap<string, number>;
      readonly reason: string;
    }
  | { readonly ok: false; readonly code: string; readonly message: string }
);

/** Grades answers on a rubric. */
export interface Judge {
  /** @throws SystemFailure when the judge could not be asked */
  grade(request: GradeRequest, signal: AbortSignal): Promise<Grade>;
}

/** Time as a parameter. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Monotonic milliseconds, for durations. */
  monotonic(): number;
}
