import type { AnsweredRequest, LoadRecord, LoadRequest, LoadStep } from "../../../runlog/load-record.ts";

/** An answered request. @param endMs from its intended start */
export function answered(atMs: number, endMs: number, more: Partial<AnsweredRequest> = {}): AnsweredRequest {
  return {
    ...{
      state: "answered",
      atMs,
      lateMs: 0,
      firstTokenMs: endMs / 4,
      endMs,
      tokens: 10,
      promptTokens: 100,
      finish: "stop",
    },
    ...{ tokenGapMs: endMs / 12, longestGapMs: endMs / 6 },
    ...more,
  };
}

export function failed(atMs: number, code: string): LoadRequest {
  return { state: "failed", atMs, lateMs: 0, endMs: 5, code };
}

/** A step of so many requests, one every 1 / rate. */
export function stepOf(rate: number, n: number, request: (i: number, atMs: number) => LoadRequest): LoadStep {
  const durationMs = (1000 * n) / rate;
  return {
    ...{
      rate,
      startedAt: "2026-05-31T12:00:00.000Z",
      warmupMs: 0,
      durationMs,
      warmup: 0,
      cutOff: 0,
      spanMs: durationMs,
    },
    requests: Array.from({ length: n }, (_, i) => request(i, (1000 * i) / rate)),
  };
}

export function recordOf(steps: readonly LoadStep[], more: Partial<LoadRecord> = {}): LoadRecord {
  return {
    ...{ kind: "load", schema: 1, id: "20260531T120000Z-mine", startedAt: "2026-05-31T12:00:00.000Z" },
    status: "complete",
    system: { id: "mine", sha256: "0", generator: "openai m" },
    prompts: { kind: "synthetic", tokens: 100 },
    ...{ arrivals: "constant", seed: 0, limits: { endMs: 1000 }, share: 0.95, maxInFlight: 100, steps },
    ...{ plumbline: "0.0.0", machine: { platform: "p", arch: "a", cpus: 2, node: "v1" }, command: "bench load" },
    ...more,
  };
}
