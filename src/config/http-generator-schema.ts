import { type Static, Type } from "@sinclair/typebox";
import { hedge } from "./endpoint-keys.ts";
import { answerMarker, promptFile } from "./generator-keys.ts";
import { httpKeys, pointer } from "./http-keys.ts";
import { words } from "./words.ts";

const optional = (description: string) => Type.Optional(pointer(description));
const VALUES = { params: "{{question}}, {{id}}", body: "{{json question}}, {{json passages}}, {{json prompt}}" };

/** A server that answers questions in JSON of any shape: whole, as server-sent events, or as lines. */
export const HttpGeneratorSchema = Type.Object(
  {
    kind: Type.Literal("http"),
    ...httpKeys(VALUES),
    prompt: promptFile,
    reply: words(["json", "sse", "lines"], {
      default: "json",
      description:
        "json: one value; sse: server-sent events of JSON; lines: a JSON value a line. The last two give the time to the first token",
    }),
    pieces: words(["added", "whole"], {
      default: "added",
      description: "sse and lines: each text is added to those before it, or is the whole answer so far",
    }),
    answer: pointer("JSON pointer to the answer's text, such as /choices/0/message/content"),
    refused: optional("JSON pointer to a true or false: whether the system declined"),
    finish: optional("JSON pointer to why the answer ended; stop and length mean the same in every system"),
    confidence: optional("JSON pointer to a number that says how sure the system is"),
    prompt_tokens: optional("JSON pointer to the number of tokens of the prompt"),
    completion_tokens: optional("JSON pointer to the number of tokens of the answer"),
    answer_marker: answerMarker,
    hedge,
  },
  { additionalProperties: false },
);

export type HttpGeneratorConfig = Static<typeof HttpGeneratorSchema>;
