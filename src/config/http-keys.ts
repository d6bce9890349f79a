import { type Static, Type } from "@sinclair/typebox";
import { askingKeys, VARIABLE } from "./endpoint-keys.ts";
import { words } from "./words.ts";

/** A JSON pointer (RFC 6901). */
export const pointer = (description: string) => Type.String({ pattern: "^(?:/(?:[^~]|~[01])*)$", description });

/** How a server is asked over HTTP, whatever it is asked for. @param values the names that templates may use, for the reference */
export const httpKeys = (values: { params: string; body: string }) => ({
  url: Type.String({
    minLength: 1,
    description: "the address that is asked, without a query string; ${VAR} is read from the environment",
  }),
  method: words(["GET", "POST"], { default: "POST", description: "GET or POST" }),
  params: Type.Optional(
    Type.Record(Type.String({ minLength: 1 }), Type.String(), {
      description: `the query string, each value a template: ${values.params}`,
    }),
  ),
  body: Type.Optional(
    Type.String({
      minLength: 1,
      description: `a Handlebars template of the JSON body: ${values.body}; values go through json`,
    }),
  ),
  headers_env: Type.Optional(
    Type.Record(Type.String({ pattern: "^[A-Za-z0-9-]+$" }), Type.String({ pattern: VARIABLE }), {
      additionalProperties: false,
      description: "for each header the name of the variable that holds its value, never the value",
    }),
  ),
  ...askingKeys,
});

const Keys = Type.Object(httpKeys({ params: "", body: "" }));
export type HttpKeys = Static<typeof Keys>;
