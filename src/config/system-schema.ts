import { type Static, Type } from "@sinclair/typebox";
import { GeneratorSchema } from "./generator-schema.ts";
import { PriceSchema } from "./price-schema.ts";
import { RetrieverSchema } from "./retriever-schema.ts";

/** `benchmarks/systems/<id>.yaml`: the system under test. */
export const SystemSchema = Type.Object(
  {
    title: Type.Optional(Type.String({ minLength: 1, description: "a short title for tables and pages" })),
    description: Type.Optional(Type.String({ description: "what the system is" })),
    licence: Type.Optional(Type.String({ description: "the licence of the model" })),
    size: Type.Optional(Type.String({ minLength: 1, description: "how large the model is, such as 8B parameters" })),
    training_data: Type.Optional(
      Type.String({ minLength: 1, description: "what the system was trained on, in a few words" }),
    ),
    type: Type.Optional(
      Type.String({ minLength: 1, description: "what sort of system it is, in your words: hosted, open weights" }),
    ),
    reference: Type.Optional(
      Type.Boolean({
        description:
          "true: a point of comparison, such as people or a far larger model; the best besides it is marked too",
      }),
    ),
    tags: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { description: "words that the leaderboard can be filtered by" }),
    ),
    retriever: Type.Optional(RetrieverSchema),
    generator: Type.Optional(GeneratorSchema),
    price: Type.Optional(PriceSchema),
  },
  { additionalProperties: false, $id: "system" },
);

/** A system as its file says it, defaults filled in. */
export type SystemConfig = Static<typeof SystemSchema>;
export type { GeneratorConfig, OpenAiConfig, ReaderConfig, ReplayAnswersConfig } from "./generator-schema.ts";
