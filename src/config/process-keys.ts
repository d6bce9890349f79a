import { type Static, Type } from "@sinclair/typebox";
import { VARIABLE } from "./endpoint-keys.ts";

/** How a process that speaks lines of JSON is run, whatever it is asked. */
export const processKeys = {
  command: Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    description: "program and arguments, run in the system file's folder without a shell",
  }),
  env: Type.Optional(
    Type.Array(Type.String({ pattern: VARIABLE }), {
      description: "names of the variables that the process gets besides PATH, HOME and the language",
    }),
  ),
  start_timeout_s: Type.Number({
    exclusiveMinimum: 0,
    default: 120,
    description: 'seconds until the process writes {"ready": true}',
  }),
  timeout_s: Type.Number({ exclusiveMinimum: 0, default: 60, description: "seconds one question may take" }),
  restarts: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 3,
    description: "how often a process that crashed, hung or wrote garbage is started again",
  }),
  concurrency: Type.Integer({
    minimum: 1,
    maximum: 512,
    default: 1,
    description: "questions that the process has at once",
  }),
};

const Keys = Type.Object(processKeys);
export type ProcessKeys = Static<typeof Keys>;
