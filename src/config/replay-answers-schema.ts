import { type Static, Type } from "@sinclair/typebox";
import { words } from "./words.ts";

const column = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

/** Answers that were saved before, by us or by another tool. */
export const ReplayAnswersSchema = Type.Object(
  {
    kind: Type.Literal("replay"),
    file: Type.String({ minLength: 1, description: "a file of saved answers, relative to the system file" }),
    format: words(["answers", "table", "localrqa", "raft", "lines"], {
      default: "answers",
      description:
        "answers: JSONL of {query, condition?, trial?, text, refused?}; table: CSV, TSV or JSONL with its columns named; localrqa: test-predictions.jsonl; raft: JSONL of questions and model answers; lines: one answer a line (Hugging Face's e2e_preds)",
    }),
    columns: Type.Optional(
      Type.Object(
        {
          query: column("the column of the question's id"),
          question: column("the column of the question's text, where there are no ids"),
          text: column("the column of the answer"),
          condition: column("the column of the condition; answers hold under every one when left out"),
          trial: column("the column of the trial, from 0; answers hold for every one when left out"),
          confidence: column("the column of a number that says how sure the system was"),
        },
        { additionalProperties: false, description: "which column of a table holds what" },
      ),
    ),
    questions: Type.Optional(
      Type.String({
        minLength: 1,
        description: "lines: the file of the questions asked, one a line, in the order of the answers",
      }),
    ),
    always_answers: Type.Boolean({
      default: false,
      description:
        "whether the system never declines, so that every answer counts as one, an empty one as well; else the suite's refusal detector decides",
    }),
    answer_marker: Type.Optional(
      Type.String({ minLength: 1, description: "the text after which the answer proper stands; raft: <ANSWER>:" }),
    ),
  },
  { additionalProperties: false },
);

export type ReplayAnswersConfig = Static<typeof ReplayAnswersSchema>;
