import { describe, expect, it } from "vitest";
import { BenchError, DataError, UnavailableError, UsageError } from "./errors.ts";
import { formatProblem, type Problem } from "./problem.ts";

const PROBLEM: Problem = {
  code: "E_DATASET_ROW",
  where: "datasets/faire/queries.jsonl:412 /answers/0",
  expected: "a string",
  got: "null",
  fix: 'remove the row\'s "answers" or give at least one string',
};

describe("formatProblem", () => {
  it("says where, code, expected, got and fix in three lines", () => {
    expect(formatProblem(PROBLEM)).toBe(
      [
        "datasets/faire/queries.jsonl:412 /answers/0 (E_DATASET_ROW)",
        "  expected a string, got null",
        '  fix: remove the row\'s "answers" or give at least one string',
      ].join("\n"),
    );
  });

  it("makes terminal escapes and direction overrides in quoted input visible", () => {
    const text = formatProblem({ ...PROBLEM, got: "\u001b[31mred\u202egnp" });
    expect(text).toContain("\\u001b[31mred\\u202egnp");
    expect(text).not.toContain("\u001b");
  });
});

describe("errors", () => {
  it.each([
    [new UsageError(PROBLEM), 2],
    [new DataError([PROBLEM]), 3],
    [new UnavailableError([PROBLEM]), 4],
  ])("%s carries the exit code and the code of its first problem", (error, exitCode) => {
    expect(error).toBeInstanceOf(BenchError);
    expect(error.exitCode).toBe(exitCode);
    expect(error.code).toBe("E_DATASET_ROW");
    expect(error.name).toBe(error.constructor.name);
  });

  it("prints every problem, not only the first", () => {
    const error = new DataError([PROBLEM, { ...PROBLEM, where: "elsewhere" }]);
    expect(error.message.match(/fix:/g)).toHaveLength(2);
  });
});
