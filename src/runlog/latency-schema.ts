import { type Static, Type } from "@sinclair/typebox";

/** Version of `latency.jsonl`, by the rules of `LOG_SCHEMA`. */
export const LATENCY_SCHEMA = 1;

const Text = Type.String();
const Name = Type.String({ minLength: 1 });
const Count = Type.Integer({ minimum: 0 });
const Sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });
const Duration = Type.Number({ minimum: 0 });
const Source = Type.Union([Type.Literal("measured"), Type.Literal("replayed"), Type.Literal("cached")]);

/** First line of `latency.jsonl`: what was measured, how, and on what. */
export const LatencyHeadSchema = Type.Object({
  kind: Type.Literal("latency"),
  schema: Type.Integer({ minimum: 1 }),
  run: Name,
  /** The `sha256` of the end line of the run's log: the pass belongs to this log and to no other. */
  log: Sha256,
  queries: Count,
  /** Passages asked for per question: the depth of the run. */
  k: Type.Integer({ minimum: 1 }),
  /** Questions asked before the first one that counts. */
  warmup: Count,
  /** Questions per call where throughput is measured. */
  batch: Type.Integer({ minimum: 1 }),
  code: Type.Object({ version: Name, commit: Type.Optional(Name), dirty: Type.Optional(Type.Boolean()) }),
  machine: Type.Object({ platform: Text, arch: Text, cpus: Count, node: Text }),
  /** ISO 8601, UTC. */
  startedAt: Name,
});

/** One question, asked while nothing else was going on. */
export const TimingLineSchema = Type.Object({
  kind: Type.Literal("timing"),
  query: Name,
  ms: Duration,
  /** Where the retriever times its stages. Pairs: the names are the retriever's. */
  stages: Type.Optional(Type.Array(Type.Tuple([Name, Duration]))),
  source: Source,
  /** Whether it found the passages of the run's log, in their order; absent where the log has no ranking. */
  same: Type.Optional(Type.Boolean()),
});

const Failure = Type.Object({ kind: Type.Literal("failure"), query: Name, code: Name, message: Text });

/** Questions per second in batches, over several rounds. */
export const ThroughputLineSchema = Type.Object({
  kind: Type.Literal("throughput"),
  /** Worker threads; 0: in the process itself. */
  workers: Count,
  source: Source,
  /** Questions done and the time they took, per round. */
  rounds: Type.Array(Type.Tuple([Type.Integer({ minimum: 1 }), Duration]), { minItems: 1 }),
  /** Questions compared with the run's log, each once, and those of them with other passages or another order. */
  compared: Count,
  different: Count,
});

const NoThroughput = Type.Object({ kind: Type.Literal("no-throughput"), workers: Count, reason: Name });

const End = Type.Object({
  kind: Type.Literal("end"),
  counts: Type.Object({ timings: Count, failures: Count }),
  /** ISO 8601, UTC. */
  endedAt: Name,
  /** SHA-256 of all bytes before this line. */
  sha256: Sha256,
});

/** Any line, told apart by its `kind`. */
export const LatencyLineSchema = Type.Unsafe<LatencyHead | LatencyBodyLine | Static<typeof End>>({
  type: "object",
  discriminator: { propertyName: "kind" },
  required: ["kind"],
  oneOf: [LatencyHeadSchema, TimingLineSchema, Failure, ThroughputLineSchema, NoThroughput, End],
});

export type LatencyHead = Static<typeof LatencyHeadSchema>;
export type TimingLine = Static<typeof TimingLineSchema>;
export type ThroughputLine = Static<typeof ThroughputLineSchema> | Static<typeof NoThroughput>;
/** What a pass writes between its first and its last line. */
export type LatencyBodyLine = TimingLine | Static<typeof Failure> | ThroughputLine;
export type LatencyLine = Static<typeof LatencyLineSchema>;
