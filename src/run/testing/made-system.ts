import { setTimeout as delay } from "node:timers/promises";
import type { Answer, AnswerRequest, Clock, Generator, Retriever } from "../../core/contracts.ts";
import type { Query } from "../../core/query.ts";
import type { Ranking } from "../../core/ranking.ts";
import type { Rng } from "../../core/rng.ts";

/** A user's system under test: ranks by the river's name, answers with the first words that look like the answer. */
export interface MadeOptions {
  /** Draws how long each call takes, up to `slowMs`; the answers do not depend on it. */
  readonly rng?: Rng;
  readonly slowMs?: number;
  /** Called before each call; what it throws is what the system does. */
  readonly before?: (what: "search" | "answer", query: Query, request?: AnswerRequest) => void;
}

export interface MadeSystem {
  readonly retriever: Retriever;
  readonly generator: Generator;
  readonly asked: { search: string[]; answer: AnswerRequest[] };
  /** The most calls that went on at once. */
  readonly peak: () => number;
}

const RIVERS = ["Rhône", "Danube", "Volga", "Loire", "Elbe", "Tagus"];

export function madeSystem({ rng, slowMs = 0, before }: MadeOptions = {}): MadeSystem {
  const asked: MadeSystem["asked"] = { search: [], answer: [] };
  let now = 0;
  let peak = 0;
  const busy = async <T>(signal: AbortSignal, of: () => T): Promise<T> => {
    now += 1;
    peak = Math.max(peak, now);
    try {
      await delay(slowMs * (rng?.float() ?? 1), undefined, { signal });
      return of();
    } finally {
      now -= 1;
    }
  };
  return {
    asked,
    peak: () => peak,
    retriever: {
      search: async (queries, k, signal) => {
        const [query] = queries;
        asked.search.push(query!.id);
        before?.("search", query!);
        return busy(signal, () => [rank(query!, k)]);
      },
    },
    generator: {
      answer: async (request, signal) => {
        asked.answer.push(request);
        before?.("answer", request.query, request);
        return busy(signal, () => reply(request));
      },
    },
  };
}

function rank(query: Query, k: number): Ranking {
  const wantsSource = /rise/.test(query.text);
  const scored = RIVERS.flatMap((river) => {
    const named = query.text.includes(river) ? 2 : 0;
    return [
      [`${river}/length`, named + (wantsSource ? 0 : 1)] as const,
      [`${river}/source`, named + (wantsSource ? 1 : 0)] as const,
    ];
  });
  return scored.sort((a, b) => b[1] - a[1]).slice(0, k);
}

function reply({ passages, condition, trial }: AnswerRequest): Answer {
  const text = passages.map((p) => /\d+ km|Mount \w+/.exec(p.text)?.[0]).find((found) => found !== undefined);
  return {
    text: text ?? "I don't know",
    raw: `trial ${trial} under ${condition}`,
    finish: "stop",
    usage: { promptTokens: passages.length * 10, completionTokens: 3 },
    confidence: passages.length / 10,
    timing: { ms: 7, firstTokenMs: 2, source: "measured" },
  };
}

/** A clock that goes one millisecond further each time it is read. */
export function steppingClock(start = Date.UTC(2026, 0, 2)): Clock {
  let ms = 0;
  return { now: () => start + ms++, monotonic: () => ms++ };
}
