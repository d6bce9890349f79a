/** How requests of a load test are spread over time: at random, as people come, or evenly. */
export const ARRIVALS = ["poisson", "constant"] as const;
export type Arrivals = (typeof ARRIVALS)[number];

/** What an answer may take to count as good, in milliseconds from its intended start; what is left out limits nothing. */
export interface LoadLimits {
  readonly firstTokenMs?: number;
  readonly endMs?: number;
}

/** A request that was answered. Durations count from the intended start, not from when it went out. */
export interface AnsweredRequest {
  readonly state: "answered";
  /** The intended start, in milliseconds from the beginning of the step's measured window. */
  readonly atMs: number;
  /** How much later than intended it went out: what the measuring itself is late by. */
  readonly lateMs: number;
  /** Only of a streamed answer. */
  readonly firstTokenMs?: number;
  readonly endMs: number;
  /** Of the answer, as the server counted; the pieces of its stream where it does not count. */
  readonly tokens?: number;
  readonly promptTokens?: number;
  /** Of those of the prompt, the ones that the server took from its own cache. */
  readonly cachedPromptTokens?: number;
  /** From the first token to the last, divided by the tokens after the first. */
  readonly tokenGapMs?: number;
  /** The longest wait for a next piece of the stream. */
  readonly longestGapMs?: number;
  /** Why the answer ended: `stop`, `length`, or what the server said. */
  readonly finish: string;
}

/** What became of one request that was due. */
export type LoadRequest =
  | AnsweredRequest
  | {
      readonly state: "failed";
      readonly atMs: number;
      readonly lateMs: number;
      readonly endMs: number;
      /** `E_ENDPOINT_TIMEOUT`, … */
      readonly code: string;
    }
  /** As many as allowed were under way. */
  | { readonly state: "not-sent"; readonly atMs: number };

/** What was measured at one rate. */
export interface LoadStep {
  /** Requests per second that were to be sent, on average. */
  readonly rate: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly warmupMs: number;
  readonly durationMs: number;
  /** Those due in the measured window, by their intended start. */
  readonly requests: readonly LoadRequest[];
  /** Requests that were due before the window, and count nowhere. */
  readonly warmup: number;
  /** Requests of the window that were under way, or not yet due, when the test was stopped. */
  readonly cutOff: number;
  /** From the beginning of the window to its end, or to the last reply where that came later. */
  readonly spanMs: number;
}

/** What each request asks. */
export type LoadPrompts =
  | {
      readonly kind: "synthetic";
      /** Tokens of a prompt that were wanted; what the server counted stands with the requests. */
      readonly tokens: number;
      /** Tokens that the server counted in the first request, by which the length was corrected; absent where it counts none. */
      readonly firstCounted?: number;
    }
  | {
      readonly kind: "suite";
      readonly suite: string;
      readonly dataset: string;
      /** Questions, each with its passages; they are asked in turn, again when all were. */
      readonly questions: number;
      readonly k: number;
    };

/** A load test as its file holds it. */
export interface LoadRecord {
  readonly kind: "load";
  readonly schema: 1;
  readonly id: string;
  readonly startedAt: string;
  readonly status: "complete" | "interrupted";
  readonly system: { readonly id: string; readonly sha256: string; readonly generator: string };
  readonly prompts: LoadPrompts;
  /** Most tokens of an answer; absent where the system's file cannot say. */
  readonly outputTokens?: number;
  readonly arrivals: Arrivals;
  readonly seed: number;
  readonly limits: LoadLimits;
  /** The share of good answers at which a rate is borne. */
  readonly share: number;
  readonly maxInFlight: number;
  /** In the order they were tried. */
  readonly steps: readonly LoadStep[];
  readonly plumbline: string;
  readonly machine: { platform: string; arch: string; cpus: number; node: string };
  readonly command: string;
}

/** Whether anything is asked of an answer besides that it comes. */
export function hasLimit({ firstTokenMs, endMs }: LoadLimits): boolean {
  return firstTokenMs !== undefined || endMs !== undefined;
}

/** Whether a request was answered within the limits. Of an answer that came whole, the first token came with the last. */
export function isGood(request: LoadRequest, { firstTokenMs, endMs }: LoadLimits): boolean {
  if (request.state !== "answered") return false;
  const first = request.firstTokenMs ?? request.endMs;
  return (firstTokenMs === undefined || first <= firstTokenMs) && (endMs === undefined || request.endMs <= endMs);
}

/** Requests of a step that were answered within the limits, of all that were due: failed ones and those not sent are not good. */
export function countGood({ requests }: Pick<LoadStep, "requests">, limits: LoadLimits): number {
  return requests.reduce((count, request) => count + (isGood(request, limits) ? 1 : 0), 0);
}
