import { Type } from "@sinclair/typebox";

export const promptFile = Type.Optional(
  Type.String({
    minLength: 1,
    description: "a Handlebars file, relative to the system file; a built-in prompt when left out",
  }),
);

export const answerMarker = Type.Optional(
  Type.String({ minLength: 1, description: "the text after which the answer proper stands" }),
);
