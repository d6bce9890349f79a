import { type Static, type TSchema, Type } from "@sinclair/typebox";
import type { AnswerLine, EndLine, FailureLine, Manifest, QuestionRecord, RetrievalLine } from "./schema.ts";

/**
 * The lines as schemas, for reading logs that another program or version wrote. Unknown keys pass, as `LOG_SCHEMA`
 * promises. The function below keeps them equal to the types.
 */
const Text = Type.String();
const Name = Type.String({ minLength: 1 });
const Count = Type.Integer({ minimum: 0 });
const Sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });
const Duration = Type.Number({ minimum: 0 });

const Scored = Type.Object({
  state: Type.Literal("scored"),
  value: Type.Number(),
  evidence: Type.Optional(Text),
});
const Unscored = Type.Object({
  state: Type.Literal("unscored"),
  reason: Type.Union(
    (["not-applicable", "no-gold", "judge-failed", "not-judged"] as const).map((reason) => Type.Literal(reason)),
  ),
  detail: Text,
});
const Outcomes = Type.Record(
  Text,
  Type.Unsafe<Static<typeof Scored> | Static<typeof Unscored>>({
    type: "object",
    discriminator: { propertyName: "state" },
    required: ["state"],
    oneOf: [Scored, Unscored],
  }),
);
const Timing = Type.Object({
  firstTokenMs: Type.Optional(Duration),
  ms: Duration,
  source: Type.Union([Type.Literal("measured"), Type.Literal("replayed"), Type.Literal("cached")]),
});
const Configured = Type.Object({ id: Name, sha256: Sha256, title: Type.Optional(Text), config: Type.Unknown() });

const ManifestSchema = Type.Object({
  kind: Type.Literal("manifest"),
  schema: Type.Integer({ minimum: 1 }),
  run: Name,
  suite: Configured,
  dataset: Type.Object({
    id: Name,
    split: Name,
    sha256: Sha256,
    queries: Count,
    passages: Count,
    card: Type.Optional(
      Type.Object({
        title: Type.Optional(Text),
        version: Type.Optional(Text),
        license: Type.Optional(Text),
        language: Type.Optional(Text),
        description: Type.Optional(Text),
        splits: Type.Array(Text),
        queries: Count,
        referencesBy: Type.Optional(Type.Array(Text)),
        provenance: Type.Optional(Type.Unknown()),
      }),
    ),
  }),
  system: Configured,
  conditions: Type.Array(Name, { uniqueItems: true }),
  trials: Type.Integer({ minimum: 1 }),
  metrics: Type.Array(Name, { uniqueItems: true }),
  depth: Count,
  seed: Count,
  level: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
  cluster: Type.Union([Type.Literal("none"), Type.Literal("document")]),
  refusalJudge: Type.Optional(Type.Object({ id: Name, sha256: Sha256, criterion: Name })),
  protocol: Name,
  protocolFields: Type.Record(Text, Type.Unknown()),
  code: Type.Object({ version: Name, commit: Type.Optional(Name), dirty: Type.Optional(Type.Boolean()) }),
  price: Type.Optional(Type.Unknown()),
  machine: Type.Object({ platform: Text, arch: Text, cpus: Count, node: Text }),
  retried: Type.Optional(
    Type.Object({ run: Name, sha256: Sha256, results: Type.Array(Type.Tuple([Name, Name, Count])) }),
  ),
  command: Text,
  startedAt: Name,
});

const Retrieval = Type.Object({
  kind: Type.Literal("retrieval"),
  query: Name,
  trial: Count,
  ranking: Type.Array(Type.Tuple([Name, Type.Number()])),
  rewritten: Type.Optional(Text),
  outcomes: Outcomes,
  timing: Timing,
});

const Answer = Type.Object(
  {
    kind: Type.Literal("answer"),
    query: Name,
    condition: Name,
    trial: Count,
    text: Text,
    raw: Type.Optional(Text),
    refused: Type.Optional(Type.Boolean()),
    refusedBy: Text,
    finish: Text,
    usage: Type.Optional(
      Type.Object({ promptTokens: Count, completionTokens: Count, cachedPromptTokens: Type.Optional(Count) }),
    ),
    cost: Type.Optional(
      Type.Object({
        usd: Type.Number({ minimum: 0 }),
        basis: Type.Union([Type.Literal("tokens"), Type.Literal("time")]),
      }),
    ),
    confidence: Type.Optional(Type.Number()),
    hedged: Type.Optional(Type.Literal(true)),
    context: Type.Array(Name),
    outcomes: Outcomes,
    ifRefused: Type.Optional(Outcomes),
    timing: Timing,
    cachedFrom: Type.Optional(Type.Object({ run: Name, at: Name })),
  },
  { anyOf: [{ required: ["refused"] }, { required: ["ifRefused"] }] },
);

const Failure = Type.Object({
  kind: Type.Literal("failure"),
  query: Name,
  condition: Type.Optional(Name),
  trial: Count,
  stage: Type.Union([Type.Literal("retrieval"), Type.Literal("answer")]),
  code: Name,
  message: Text,
  attempts: Type.Integer({ minimum: 1 }),
  outcomes: Outcomes,
});

const End = Type.Object({
  kind: Type.Literal("end"),
  status: Type.Literal("complete"),
  counts: Type.Object({ retrievals: Count, answers: Count, failures: Count }),
  files: Type.Object({ questions: Sha256, passages: Sha256 }),
  endedAt: Name,
  sha256: Sha256,
});

export const QuestionSchema = Type.Object({
  id: Name,
  text: Text,
  answers: Type.Optional(Type.Array(Text)),
  answerable: Type.Optional(Type.Boolean()),
  history: Type.Optional(
    Type.Array(Type.Object({ role: Type.Union([Type.Literal("user"), Type.Literal("assistant")]), content: Text })),
  ),
  tags: Type.Optional(Type.Array(Text)),
  document: Type.Optional(Text),
  judgements: Type.Array(Type.Tuple([Name, Type.Number()])),
  strict: Type.Optional(Type.Array(Type.Tuple([Name, Type.Number()]))),
  documents: Type.Optional(Type.Array(Type.Tuple([Name, Type.Number(), Type.Array(Name)]))),
});

export const PassageSchema = Type.Object({
  id: Name,
  text: Text,
  title: Type.Optional(Text),
  document: Text,
  start: Type.Optional(Count),
  end: Type.Optional(Count),
});

/** The schema of a line by its `kind`. */
export const LINE_SCHEMAS: ReadonlyMap<unknown, TSchema> = new Map<unknown, TSchema>([
  ["manifest", ManifestSchema],
  ["retrieval", Retrieval],
  ["answer", Answer],
  ["failure", Failure],
  ["end", End],
]);

/** Compiles only while what a schema admits can be used as the type that the rest of the code sees. */
type Fits<Type_, Schema extends Type_> = Schema;
export type SchemasFitTypes = [
  Fits<Manifest, Static<typeof ManifestSchema>>,
  Fits<RetrievalLine, Static<typeof Retrieval>>,
  Fits<AnswerLine, Static<typeof Answer>>,
  Fits<FailureLine, Static<typeof Failure>>,
  Fits<EndLine, Static<typeof End>>,
  Fits<QuestionRecord, Static<typeof QuestionSchema>>,
];
