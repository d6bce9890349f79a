import { type Static, Type } from "@sinclair/typebox";
import { answerMarker, promptFile } from "./generator-keys.ts";
import { processKeys } from "./process-keys.ts";

/** A generator in a process of its own, in any language. */
export const ProcessGeneratorSchema = Type.Object(
  { kind: Type.Literal("process"), ...processKeys, prompt: promptFile, answer_marker: answerMarker },
  { additionalProperties: false },
);

export type ProcessGeneratorConfig = Static<typeof ProcessGeneratorSchema>;
