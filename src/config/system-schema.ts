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
    tags: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    retriever: Type.Optional(RetrieverSchema),
    generator: Type.Optional(GeneratorSchema),
    price: Type.Optional(PriceSchema),
  },
  { additionalProperties: false, $id: "system" },
);

/** A system as its file says it, defaults filled in. */
export type SystemConfig = Static<typeof SystemSchema>;
export type { GeneratorConfig, OpenAiConfig, ReaderConfig, ReplayAnswersConfig } from "./generator-schema.ts";
