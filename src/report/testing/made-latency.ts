import { seeded } from "../../core/rng.ts";
import { type LatencyBodyLine, readQuestions, writeLatency } from "../../runlog/index.ts";
import { owner } from "../../runlog/testing/made-log.ts";

export interface MadeLatency {
  /** Names of stages; the whole is their sum. */
  readonly stages?: readonly string[];
  /** Questions that come from a cache, by position. */
  readonly cachedAt?: readonly number[];
  readonly failAt?: readonly number[];
  /** Why there are no threads. */
  readonly noThreads?: string;
  /** Questions whose ranking is not the log's. */
  readonly differentAt?: readonly number[];
}

/** Gives a made run a latency pass, written by the real writer. The same description gives the same bytes. */
export async function makeLatency(dir: string, made: MadeLatency = {}): Promise<void> {
  const { stages = [], cachedAt = [], failAt = [], differentAt = [], noThreads } = made;
  const rng = seeded("latency");
  const ids: string[] = [];
  for await (const { id } of readQuestions(dir)) ids.push(id);
  const lines = ids.map((query, at): LatencyBodyLine => {
    if (failAt.includes(at)) return { kind: "failure", query, code: "E_TIMEOUT", message: "no reply" };
    const parts = (stages.length > 0 ? stages : ["whole"]).map((name): [string, number] => [name, 0.2 + rng.float()]);
    return {
      kind: "timing",
      query,
      ms: parts.reduce((sum, [, ms]) => sum + ms, 0),
      ...(stages.length > 0 && { stages: parts }),
      source: cachedAt.includes(at) ? "cached" : "measured",
      same: !differentAt.includes(at),
    };
  });
  for (const workers of [0, 1, 2, 4]) {
    if (workers > 0 && noThreads !== undefined) lines.push({ kind: "no-throughput", workers, reason: noThreads });
    else {
      const rounds = [260, 250, 255, 250, 300].map((ms): [number, number] => [320 * Math.max(1, workers), ms]);
      const counts = { compared: ids.length, different: 0 };
      lines.push({ kind: "throughput", workers, source: "measured", rounds, ...counts });
    }
  }
  const facts = {
    warmup: 100,
    batch: 32,
    code: { version: "0.1.0" },
    machine: { platform: "linux", arch: "x64", cpus: 2, node: "v20.20.2" },
    startedAt: "2026-03-02T11:00:00.000Z",
  };
  const write = async (add: (line: LatencyBodyLine) => Promise<void>) => {
    for (const line of lines) await add(line);
  };
  await writeLatency(dir, facts, write, () => "2026-03-02T11:00:09.000Z", { owner: owner() });
}
