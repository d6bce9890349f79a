import type { Manifest, ScoreColumn, ScoreGroup, Scores } from "../../runlog/index.ts";
import { ANSWERED, CELL, RETRIEVAL } from "../../runlog/index.ts";

/** A value, a floor after a failure, a value that is missing, or a question the metric does not speak of. */
export type Cell = number | "failed" | "unscored" | "n/a";

export interface MadeScores {
  readonly run?: string;
  readonly system?: string;
  readonly suite?: string;
  /** Condition (or `retrieval`) → metric → a cell per question and trial. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, readonly Cell[]>>>>;
  readonly queries?: readonly string[];
  readonly clusters?: readonly number[];
  readonly trials?: number;
  readonly gate?: unknown;
  /** The suite's `gate_limits`. */
  readonly bounds?: unknown;
  readonly alpha?: number;
  readonly maxFailures?: number;
  readonly dataset?: Partial<Manifest["dataset"]>;
  readonly protocolFields?: Readonly<Record<string, unknown>>;
  readonly protocol?: string;
  readonly state?: Scores["state"];
}

/** Scores as `readScores` gives them, from a table of cells. The floor of every metric is 0. */
export function madeScores(made: MadeScores): Scores {
  const { trials = 1, protocolFields = { version: 1 }, gate = {} } = made;
  const first = Object.entries(made.groups)[0];
  const cells = Object.values(first?.[1] ?? {})[0]?.length ?? 0;
  const queries =
    made.queries ?? Array.from({ length: cells / (first?.[0] === RETRIEVAL ? 1 : trials) }, (_, i) => `q${i}`);
  const groups = new Map(
    Object.entries(made.groups).map(([name, metrics]) => [name, group(name, name === RETRIEVAL ? 1 : trials, metrics)]),
  );
  const manifest: Manifest = {
    kind: "manifest",
    schema: 1,
    run: made.run ?? "run-1",
    suite: {
      id: made.suite ?? "handbook",
      sha256: "00",
      config: { gate, gate_limits: made.bounds, alpha: made.alpha ?? 0.05, max_failures: made.maxFailures ?? 0 },
    },
    dataset: { id: "handbook", split: "test", sha256: "11", queries: queries.length, passages: 9, ...made.dataset },
    system: { id: made.system ?? "bm25-reader", sha256: "22", config: {} },
    conditions: [...groups.keys()].filter((name) => name !== RETRIEVAL),
    trials,
    metrics: [...new Set([...groups.values()].flatMap(({ metrics }) => [...metrics.keys()]))],
    depth: groups.has(RETRIEVAL) ? 10 : 0,
    seed: 0,
    level: 0.95,
    cluster: made.clusters ? "document" : "none",
    protocol: made.protocol ?? `sha256:${JSON.stringify(protocolFields)}`,
    protocolFields,
    code: { version: "0.1.0" },
    machine: { platform: "linux", arch: "x64", cpus: 2, node: "20.19.0" },
    command: "bench run --suite handbook --system bm25-reader",
    startedAt: "2026-01-01T00:00:00.000Z",
  };
  return {
    manifest,
    state: made.state ?? "complete",
    sha256: "33",
    queries,
    ...(made.clusters && { clusters: Uint32Array.from(made.clusters) }),
    groups,
    judged: new Map(),
  };
}

function group(name: string, trials: number, cells: Readonly<Record<string, readonly Cell[]>>): ScoreGroup {
  const metrics = new Map(Object.entries(cells).map(([metric, column_]) => [metric, column(column_)]));
  const length = [...metrics.values()][0]?.states.length ?? 0;
  const answered = new Uint8Array(length).fill(ANSWERED.answered);
  for (const { states } of metrics.values()) {
    states.forEach((state, i) => {
      if (state === CELL.failed) answered[i] = ANSWERED.failed;
    });
  }
  return {
    name,
    trials,
    metrics,
    answered,
    failures: new Map(),
    ms: new Float64Array(),
    msQueries: new Uint32Array(),
    firstTokenMs: new Float64Array(),
    usage: { answers: 0, promptTokens: 0, completionTokens: 0 },
    cached: 0,
  };
}

function column(cells: readonly Cell[]): ScoreColumn {
  const states = { failed: CELL.failed, unscored: CELL.unscored, "n/a": CELL.notApplicable } as const;
  return {
    values: Float64Array.from(cells, (cell) => (typeof cell === "number" ? cell : 0)),
    states: Uint8Array.from(cells, (cell) => (typeof cell === "number" ? CELL.scored : states[cell])),
  };
}
