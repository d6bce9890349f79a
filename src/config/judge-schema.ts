import { type Static, Type } from "@sinclair/typebox";
import { askingKeys } from "./endpoint-keys.ts";
import { oneOfKinds } from "./one-of.ts";
import { OpenAiSchema } from "./openai-schema.ts";
import { words } from "./words.ts";

const strict = { additionalProperties: false } as const;

/** What a judge may be shown besides the answer. */
export const JUDGE_SIGHTS = ["question", "history", "references", "gold_passages", "passages"] as const;

const Criterion = Type.Object(
  {
    id: Type.String({
      pattern: "^[a-z][a-z0-9_-]{0,63}$",
      description: "a short name in lower case, such as correctness",
    }),
    question: Type.String({ minLength: 1, description: "what is to be decided, in one sentence" }),
    scale: Type.Record(Type.String({ minLength: 1, maxLength: 40 }), Type.String(), {
      minProperties: 2,
      maxProperties: 101,
      description:
        "each score with what it stands for; scores are whole numbers, or words that `values` gives numbers to",
    }),
    values: Type.Optional(
      Type.Record(Type.String(), Type.Number(), { description: "the number of each score that is a word" }),
    ),
    weight: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 100,
        description: "its per cent of the composite; given for all criteria or for none, 100 in all",
      }),
    ),
  },
  strict,
);

const criteria = Type.Array(Criterion, {
  minItems: 1,
  maxItems: 20,
  description: "what is graded, each on a scale of its own",
});

const refusals = words(["apart", "judged"], {
  default: "apart",
  description: "apart: an answer that declines is counted, not graded; judged: it is graded like any other",
});

const thresholds = Type.Optional(
  Type.Object(
    {
      exact: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: "the least share of equal grades" })),
      within_one: Type.Optional(
        Type.Number({ minimum: 0, maximum: 1, description: "the least share of grades at most one step apart" }),
      ),
      kappa: Type.Optional(Type.Number({ minimum: -1, maximum: 1, description: "the least Cohen's κ" })),
      quadratic_kappa: Type.Optional(
        Type.Number({ minimum: -1, maximum: 1, description: "the least Cohen's κ with quadratic weights" }),
      ),
      alpha: Type.Optional(Type.Number({ minimum: -1, maximum: 1, description: "the least ordinal Krippendorff's α" })),
    },
    { ...strict, description: "what a calibration must reach; `bench calibrate` exits with 1 below it" },
  ),
);

const about = {
  title: Type.Optional(Type.String({ minLength: 1, description: "a short title for tables and pages" })),
  description: Type.Optional(Type.String({ description: "what the judge is for" })),
};

/** A model that judges: an OpenAI-compatible endpoint with what a generator of that kind may say about asking. */
const JudgeModel = Type.Pick(
  OpenAiSchema,
  [
    "kind",
    "base_url",
    "api_key_env",
    "model",
    "temperature",
    "top_p",
    "max_tokens",
    "seed",
    "extra_body",
    ...(Object.keys(askingKeys) as (keyof typeof askingKeys)[]),
  ],
  { ...strict, description: "the endpoint that judges" },
);

const asked = {
  sees: Type.Array(words(JUDGE_SIGHTS), {
    uniqueItems: true,
    default: ["question", "references"],
    description: `what it is shown besides the answer: ${JUDGE_SIGHTS.join(", ")}`,
  }),
  model: Type.Optional(JudgeModel),
  output: words(["auto", "json-schema", "tool", "text"], {
    default: "auto",
    description: "how a verdict is asked for; auto takes the first of json-schema, tool and text that the server knows",
  }),
  system_prompt: Type.Optional(Type.String({ description: "the text of the system message" })),
  prompt: Type.String({
    minLength: 1,
    default: "prompt.hbs",
    description: "a Handlebars file, relative to the judge's file",
  }),
  examples: Type.Optional(
    Type.String({ minLength: 1, description: "a JSONL file of graded examples, relative to the judge's file" }),
  ),
  repeats: Type.Integer({ minimum: 1, maximum: 100, default: 1, description: "how often each answer is judged" }),
};

const ModelJudge = Type.Object(
  {
    kind: Type.Literal("model"),
    ...about,
    grades: Type.Optional(
      words(["answers", "passages"], {
        description:
          "answers, when left out; passages: how relevant a passage is to a question, for making qrels; the prompt has the passage as {{answer}}",
      }),
    ),
    criteria,
    refusals,
    ...asked,
    thresholds,
  },
  { ...strict, description: "a model that is asked about each answer, or about each passage" },
);

const PairwiseJudge = Type.Object(
  {
    kind: Type.Literal("pairwise"),
    ...about,
    question: Type.String({ minLength: 1, description: "by what the better of two answers is chosen" }),
    refusals,
    ...asked,
    thresholds,
  },
  { ...strict, description: "a model that is asked which of two answers is better" },
);

const LexicalJudge = Type.Object(
  {
    kind: Type.Literal("lexical"),
    ...about,
    criteria,
    refusals,
    fit: Type.String({
      minLength: 1,
      default: "fit.json",
      description: "where the fitted cut points are kept, relative to the judge's file; `bench judge fit` writes it",
    }),
    thresholds,
  },
  { ...strict, description: "cut points on measures of overlap with the references, without a model" },
);

const PanelJudge = Type.Object(
  {
    kind: Type.Literal("panel"),
    ...about,
    of: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 2,
      uniqueItems: true,
      description: "the judges by name",
    }),
    vote: words(["majority", "median"], {
      default: "median",
      description: "majority: the most frequent grade, unscored on a tie; median: the middle grade",
    }),
    thresholds,
  },
  { ...strict, description: "several judges that vote" },
);

const column = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

const PeopleJudge = Type.Object(
  {
    kind: Type.Literal("people"),
    ...about,
    criteria,
    refusals,
    labels: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      uniqueItems: true,
      description: "files of people's labels, relative to the judge's file: JSONL, .csv or .tsv with a header",
    }),
    columns: Type.Optional(
      Type.Object(
        {
          query: column("the question's id"),
          question: column("the question's text, where the files have no ids"),
          answer: column("the text of the answer; a label is then of every system that gave it"),
          system: column("whose answer it is"),
          condition: column("under which context, where the text is not given"),
          trial: column("which trial, where the text is not given"),
          criterion: column("what is graded; may be left out where there is one criterion"),
          rater: column("who labelled, a pseudonym will do"),
          score: column("the score"),
        },
        { ...strict, description: "the files' names of columns that are called otherwise" },
      ),
    ),
    raters: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        uniqueItems: true,
        description: "columns that each hold one person's scores, in place of rater and score",
      }),
    ),
    scores: Type.Optional(
      Type.Record(Type.String(), Type.Number(), {
        description: "what the files' scores count as, where they are written otherwise than on the scale",
      }),
    ),
    vote: words(["majority", "median"], {
      default: "median",
      description:
        "majority: what more than half of the people say, unscored on a tie; median: the middle, the lower of two",
    }),
  },
  { ...strict, description: "people's labels, read from files" },
);

/** `judges/<id>/judge.yaml`: what grades answers. */
export const JudgeSchema = oneOfKinds([ModelJudge, PairwiseJudge, LexicalJudge, PanelJudge, PeopleJudge], {
  $id: "judge",
  description: "kind model, pairwise, lexical, panel or people",
});

/** A judge as its file says it, defaults filled in. */
export type JudgeConfig = Static<typeof JudgeSchema>;
export type ModelJudgeConfig = Static<typeof ModelJudge>;
export type PairwiseJudgeConfig = Static<typeof PairwiseJudge>;
export type LexicalJudgeConfig = Static<typeof LexicalJudge>;
export type PanelJudgeConfig = Static<typeof PanelJudge>;
export type PeopleJudgeConfig = Static<typeof PeopleJudge>;
export type CriterionConfig = Static<typeof Criterion>;
export type JudgeModelConfig = Static<typeof JudgeModel>;
export type JudgeThresholds = NonNullable<ModelJudgeConfig["thresholds"]>;
export type JudgeSight = (typeof JUDGE_SIGHTS)[number];
