import { type Static, Type } from "@sinclair/typebox";

const dollars = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0, description: `US dollars per ${description}` }));

/** What a price says: per million tokens, or per hour of machine time. */
const PRICE = {
  on: Type.String({
    pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$",
    description: "the day the price was looked up, as 2026-05-31",
  }),
  source: Type.Optional(Type.String({ minLength: 1, description: "where it was looked up" })),
  input: dollars("million prompt tokens"),
  output: dollars("million answer tokens"),
  cached_input: dollars("million prompt tokens that the server had in its own cache; that of input when left out"),
  per_hour: dollars("hour of the machine, in place of input and output"),
};

/** The `price:` of a system file. */
export const PriceSchema = Type.Object(PRICE, {
  additionalProperties: false,
  description: "what the generator costs, in US dollars: input and output per million tokens, or per_hour",
});

/** `prices.yaml` beside `benchmarks/`: the prices of models by the name that `generator.model` has. */
export const PricesSchema = Type.Object(
  {
    prices: Type.Array(
      Type.Object(
        {
          model: Type.String({ minLength: 1, description: "the name of the model, as generator.model has it" }),
          ...PRICE,
        },
        { additionalProperties: false },
      ),
      { description: "one entry for each model" },
    ),
  },
  { additionalProperties: false, $id: "prices" },
);

export type Price = Static<typeof PriceSchema>;
