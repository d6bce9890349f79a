import { type Static, Type } from "@sinclair/typebox";
import { FigureSchema } from "./calibration-schema.ts";

/** Version of the correction files this code writes. */
export const CORRECTION_SCHEMA = 1;

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const Sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });

const CorrectedMeanSchema = Type.Object({
  /** The judge's column, `answer-0-3/correctness`. */
  column: Text,
  condition: Text,
  /** Answers that the judge graded. */
  answers: Count,
  /** Of them, those that people labelled, too. */
  labels: Count,
  /** Answers that the system failed on: they count the floor of the scale in every mean here. */
  failed: Count,
  /** The raw mean of the judge's grades. */
  judge: Type.Number(),
  /** What people would have given on average: prediction-powered. */
  corrected: FigureSchema,
  /** The same from the labels alone. */
  labelsAlone: FigureSchema,
  /** How much the judge is trusted, in [0, 1]. */
  lambda: Type.Number(),
  /** The corrected interval against that of the labels alone. */
  width: Type.Union([Type.Literal("narrower"), Type.Literal("same"), Type.Literal("wider"), Type.Literal("unknown")]),
  /** How many labels alone would give an interval as narrow. */
  effectiveLabels: Type.Optional(Type.Number()),
  /** Rogan and Gladen's estimate, on scales of 0 and 1. */
  roganGladen: Type.Optional(FigureSchema),
});

export const CorrectionsSchema = Type.Object({
  kind: Type.Literal("corrections"),
  schema: Type.Integer({ minimum: 1 }),
  run: Text,
  /** The hash in the log's end line. */
  log: Sha256,
  judge: Type.Object({ id: Text, sha256: Sha256, rubric: Sha256 }),
  /** ISO 8601, UTC. */
  at: Text,
  level: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
  labels: Type.Object({ files: Type.Array(Type.Object({ name: Text, sha256: Sha256 })) }),
  means: Type.Array(CorrectedMeanSchema),
});

/** One judged mean of one condition as people would have given it. */
export type CorrectedMean = Static<typeof CorrectedMeanSchema>;
/** What people's labels say about a judge's means of one run: `grades/<judge>-<hash>.corrected.json` in its folder. */
export type Corrections = Static<typeof CorrectionsSchema>;
