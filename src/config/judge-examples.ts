import { Type } from "@sinclair/typebox";
import type { Problem } from "../core/problem.ts";
import { quoteValue } from "../lib/text.ts";
import type { Rubric } from "./rubric.ts";
import { validate } from "./validate.ts";

const Row = Type.Object(
  {
    question: Type.String({ minLength: 1, description: "the question" }),
    references: Type.Optional(Type.Array(Type.String())),
    passages: Type.Optional(Type.Array(Type.String())),
    answer: Type.String({ description: "the answer graded" }),
    reason: Type.String({ minLength: 1, description: "why it got its scores" }),
    scores: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
      description: "the score of each criterion",
    }),
  },
  { additionalProperties: false },
);

/** A graded example that a judge is shown. */
export interface JudgeExample {
  readonly question: string;
  readonly references: readonly string[];
  readonly passages: readonly string[];
  readonly answer: string;
  readonly reason: string;
  /** The score of every criterion, as the rubric writes it. */
  readonly scores: ReadonlyMap<string, string>;
}

/**
 * Reads graded examples, a JSON object a line. Every problem is reported: a line that is no JSON, a missing criterion, a score off
 * its scale.
 */
export function readExamples(text: string, name: string, rubric: Rubric, problems: Problem[]): JudgeExample[] {
  const examples: JudgeExample[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const where = `${name}:${at + 1}`;
    const report = (expected: string, got: string, fix: string): void => {
      problems.push({ code: "E_JUDGE_EXAMPLE", where, expected, got, fix });
    };
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      report("a JSON object", quoteValue(line), "write one object a line");
      continue;
    }
    const checked = validate(Row, value, "E_JUDGE_EXAMPLE", (pointer) => `${where}${pointer && ` ${pointer}`}`);
    if (!checked.ok) {
      problems.push(...checked.problems);
      continue;
    }
    const { question, references = [], passages = [], answer, reason, scores } = checked.value;
    const given = new Map(Object.entries(scores).map(([id, score]) => [id, String(score)]));
    for (const { id, steps } of rubric.criteria) {
      const score = given.get(id);
      const names = steps.map((step) => step.name);
      if (score === undefined) report(`a score of ${id}`, "none", `add one of ${names.join(", ")}`);
      else if (!names.includes(score)) report(`one of ${names.join(", ")} for ${id}`, quoteValue(score), "correct it");
    }
    for (const id of given.keys()) {
      if (rubric.criteria.some((criterion) => criterion.id === id)) continue;
      report("only scores of the judge's criteria", quoteValue(id), "remove it");
    }
    examples.push({ question, references, passages, answer, reason, scores: given });
  }
  return examples;
}
