import { type Static, Type } from "@sinclair/typebox";
import { validate } from "../../config/validate.ts";
import { quoteValue } from "../../lib/text.ts";
import { textLines } from "./lines-of.ts";
import { ProblemList } from "./problem-list.ts";

const CODE = "E_REPLAY_ANSWERS";

const Row = Type.Object(
  {
    query: Type.String({ minLength: 1, description: "the question's id" }),
    condition: Type.Optional(
      Type.String({
        pattern: "^(?:rag@[1-9][0-9]*|oracle|closed-book)$",
        description: "rag@k, oracle or closed-book; left out, the answer holds under every condition",
      }),
    ),
    trial: Type.Optional(
      Type.Integer({ minimum: 0, description: "0-based; left out, the answer holds for every repetition" }),
    ),
    text: Type.String({ description: "the answer" }),
    refused: Type.Optional(Type.Boolean({ description: "whether the system says that it declined" })),
    finish: Type.Optional(Type.String({ minLength: 1, description: "why generation ended; stop when left out" })),
    confidence: Type.Optional(Type.Number({ description: "how sure the system was" })),
  },
  { additionalProperties: false },
);

/** One saved answer. */
export type SavedAnswer = Pick<Static<typeof Row>, "text" | "refused" | "finish" | "confidence">;

/** The answers of a file. */
export interface AnswersFile {
  readonly answers: number;
  /**
   * The answer for a question: the row of its condition and trial, else of its condition, else of its trial, else the row
   * that names neither.
   */
  find(query: string, condition: string, trial: number): SavedAnswer | undefined;
}

/**
 * Reads saved answers, one JSON object a line.
 * @param name the file as messages show it
 * @throws DataError with every line that is wrong: no JSON, an unknown key, two rows for the same question, condition and trial
 */
export async function readAnswersFile(path: string, name: string): Promise<AnswersFile> {
  const problems = new ProblemList(CODE, name);
  const rows = new Map<string, SavedAnswer & { readonly line: number }>();
  for await (const { number, text } of textLines({ path, name }, CODE, problems)) {
    if (text.trim() === "") continue;
    const value = parsed(text);
    if (value === undefined) {
      problems.add(number, {
        expected: "a JSON object",
        got: quoteValue(text),
        fix: 'write one line for each answer, such as {"query":"q1","text":"42"}',
      });
      continue;
    }
    const checked = validate(Row, value, CODE, (pointer) => `${name}:${number}${pointer && ` ${pointer}`}`);
    if (!checked.ok) {
      problems.addAll(checked.problems);
      continue;
    }
    const { query, condition, trial, ...answer } = checked.value;
    const key = keyOf(query, condition, trial);
    const before = rows.get(key);
    if (before) {
      problems.add(number, {
        expected: "one answer for each query, condition and trial",
        got: `a second one for ${quoteValue(query)}, first on line ${before.line}`,
        fix: "remove one of the two lines",
      });
    } else {
      rows.set(key, { ...answer, line: number });
    }
  }
  problems.throwIfAny();
  return {
    answers: rows.size,
    find: (query, condition, trial) =>
      rows.get(keyOf(query, condition, trial)) ??
      rows.get(keyOf(query, condition, undefined)) ??
      rows.get(keyOf(query, undefined, trial)) ??
      rows.get(keyOf(query, undefined, undefined)),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function keyOf(query: string, condition: string | undefined, trial: number | undefined): string {
  return JSON.stringify([query, condition ?? null, trial ?? null]);
}
