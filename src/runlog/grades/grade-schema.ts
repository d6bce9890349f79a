import { type Static, Type } from "@sinclair/typebox";
import { FigureSchema } from "../calibration/calibration-schema.ts";

/** Version of the grade files this code writes, apart from the log's. */
export const GRADES_SCHEMA = 1;

const Text = Type.String();
const Name = Type.String({ minLength: 1 });
const Count = Type.Integer({ minimum: 0 });
const Sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });
const Usage = Type.Object({ promptTokens: Count, completionTokens: Count });
const Timing = Type.Object({
  ms: Type.Number({ minimum: 0 }),
  source: Type.Union([Type.Literal("measured"), Type.Literal("replayed"), Type.Literal("cached")]),
});

const Criterion = Type.Object({
  id: Name,
  question: Text,
  steps: Type.Array(Type.Object({ name: Name, value: Type.Number(), anchor: Text }), { minItems: 2 }),
  weight: Type.Optional(Type.Number()),
});

/** First line: which judge grades which log. */
export const GradingHeadSchema = Type.Object({
  kind: Type.Literal("grading"),
  schema: Type.Integer({ minimum: 1 }),
  run: Name,
  /** The hash in the log's end line: grades are of these answers and no others. */
  log: Sha256,
  judge: Type.Object({
    id: Name,
    sha256: Sha256,
    /** Of the rubric alone: labels are compared with grades of the same rubric. */
    rubric: Sha256,
    title: Type.Optional(Text),
    config: Type.Unknown(),
    /** Where its model also gave the answers (`of` names the system) or wrote the references. */
    selfPreference: Type.Optional(
      Type.Array(
        Type.Object({
          role: Type.Union([Type.Literal("contestant"), Type.Literal("references")]),
          model: Text,
          of: Type.Optional(Name),
        }),
      ),
    ),
  }),
  criteria: Type.Array(Criterion, { minItems: 1 }),
  repeats: Type.Integer({ minimum: 1 }),
  /** Whether answers that decline are graded like others or left out. */
  refusals: Type.Union([Type.Literal("apart"), Type.Literal("judged")]),
  startedAt: Name,
  /** The run whose answers are compared with those of `run`; only in a file of pairs. */
  against: Type.Optional(Type.Object({ run: Name, log: Sha256, system: Name })),
  /** Only in a file of graded passages: `run` and `log` then stand for the split, and each line says what was graded. */
  passages: Type.Optional(Type.Object({ dataset: Name, split: Name })),
  /** Of people's labels: how many people gave them, the hashes of their files, and how far people agree by criterion, where two or more labelled an answer. */
  people: Type.Optional(
    Type.Object({
      raters: Type.Integer({ minimum: 1 }),
      files: Type.Array(Sha256),
      agreement: Type.Array(Type.Object({ criterion: Name, alpha: FigureSchema })),
    }),
  ),
  /** Of a panel's vote: who voted, and how far they agree (ordinal Krippendorff's α) by criterion. */
  panel: Type.Optional(
    Type.Object({
      members: Type.Array(Type.Object({ id: Name, sha256: Sha256 })),
      agreement: Type.Array(Type.Object({ criterion: Name, alpha: FigureSchema })),
    }),
  ),
});

/** Of two answers, which one the judge was shown first. */
export const PAIR_ORDERS = ["ab", "ba"] as const;
export type PairOrder = (typeof PAIR_ORDERS)[number];

const slot = {
  query: Name,
  condition: Name,
  trial: Count,
  repeat: Count,
  order: Type.Optional(Type.Union([Type.Literal("ab"), Type.Literal("ba")])),
  /** The passage that is graded in place of an answer, and the hash of its text and the question. */
  passage: Type.Optional(Type.Object({ id: Name, sha256: Sha256 })),
};
const asked = { asked: Type.Integer({ minimum: 0 }), usage: Type.Optional(Usage), timing: Type.Optional(Timing) };

const GradeSchema = Type.Object({
  kind: Type.Literal("grade"),
  ...slot,
  scores: Type.Record(Text, Type.Number()),
  reason: Text,
  ...asked,
});

/** The judge gave no verdict, or could not be asked. No score stands for that. */
const JudgeFailureSchema = Type.Object({
  kind: Type.Literal("judge-failure"),
  ...slot,
  code: Name,
  message: Text,
  /** What the judge said, where it said something. */
  raw: Type.Optional(Text),
  ...asked,
});

const GradingEndSchema = Type.Object({
  kind: Type.Literal("end"),
  counts: Type.Object({ grades: Count, failures: Count }),
  endedAt: Name,
  /** SHA-256 of all bytes before this line. */
  sha256: Sha256,
});

export const GRADE_LINES = new Map<unknown, typeof GradeSchema | typeof JudgeFailureSchema | typeof GradingEndSchema>([
  ["grade", GradeSchema],
  ["judge-failure", JudgeFailureSchema],
  ["end", GradingEndSchema],
]);

export type GradingHead = Static<typeof GradingHeadSchema>;
export type GradeLine = Static<typeof GradeSchema>;
export type JudgeFailureLine = Static<typeof JudgeFailureSchema>;
export type GradingEnd = Static<typeof GradingEndSchema>;
/** A grade, or why there is none; of a pair the `preference` for the answer shown first. */
export type GradedLine = GradeLine | JudgeFailureLine;
