import { type Static, Type } from "@sinclair/typebox";
import { RANKING_FIGURES } from "../../config/ranking-figures.ts";

/** Version of the calibration files this code writes. */
export const CALIBRATION_SCHEMA = 1;

/** How a judge's grades and people's labels are compared, in the order of tables. */
export const AGREEMENT_FIGURES = [...RANKING_FIGURES, "mae", "bias"] as const;
export type AgreementFigure = (typeof AGREEMENT_FIGURES)[number];

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const Sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });

/** A figure with its interval, or why there is none. */
export const FigureSchema = Type.Union([
  Type.Object({
    value: Type.Number(),
    n: Count,
    low: Type.Optional(Type.Number()),
    high: Type.Optional(Type.Number()),
    /** How the interval was made. */
    method: Type.Optional(Text),
  }),
  Type.Object({ reason: Text, n: Count }),
]);
const Figures = Type.Record(Text, FigureSchema);

const PartSchema = Type.Object({ name: Text, n: Count, exact: FigureSchema, bias: FigureSchema });

const CriterionSchema = Type.Object({
  id: Text,
  /** The values of its scale, ascending. */
  scale: Type.Array(Type.Number()),
  /** Items with a grade and a label. */
  n: Count,
  questions: Count,
  /** Labelled items that the judge gave no verdict on. */
  judgeFailed: Count,
  figures: Figures,
  /** Rows people, columns judge, both in the order of the scale. */
  confusion: Type.Array(Type.Array(Count)),
  /** How well people agree with each other, where items have labels of two or more. */
  ceiling: Type.Optional(Type.Object({ raters: Count, n: Count, figures: Figures })),
  /** How well the judge agrees with itself over its repeats. */
  repeats: Type.Optional(Type.Object({ repeats: Count, n: Count, exact: FigureSchema, alpha: FigureSchema })),
  bySystem: Type.Array(PartSchema),
  byTag: Type.Array(PartSchema),
});

export const CalibrationSchema = Type.Object({
  kind: Type.Literal("calibration"),
  schema: Type.Integer({ minimum: 1 }),
  judge: Type.Object({ id: Text, sha256: Sha256, rubric: Sha256 }),
  /** ISO 8601, UTC. */
  at: Text,
  level: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
  labels: Type.Object({
    files: Type.Array(Type.Object({ name: Text, sha256: Sha256 })),
    labels: Count,
    items: Count,
    raters: Count,
  }),
  criteria: Type.Array(CriterionSchema, { minItems: 1 }),
  /** Whether the judge ranks systems as people do, by the first criterion; where two systems or more have labels. */
  systems: Type.Optional(
    Type.Object({
      tau: FigureSchema,
      swapped: FigureSchema,
      means: Type.Array(Type.Object({ system: Text, judge: Type.Number(), people: Type.Number(), answers: Count })),
    }),
  ),
  thresholds: Type.Array(
    Type.Object({ criterion: Text, figure: Text, atLeast: Type.Number(), got: FigureSchema, met: Type.Boolean() }),
  ),
});

export type Figure = Static<typeof FigureSchema>;
export type CalibratedPart = Static<typeof PartSchema>;
export type CalibratedCriterion = Static<typeof CriterionSchema>;
/** What was found when a judge's grades were compared with people's labels: `judges/<id>/calibration.json`. */
export type Calibration = Static<typeof CalibrationSchema>;
