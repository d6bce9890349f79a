import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { DataError, UsageError } from "../../core/errors.ts";
import type { Output } from "../deps.ts";
import { printError } from "./print-error.ts";

function printed(error: unknown): { exitCode: number; text: string } {
  let text = "";
  const output: Output = { interactive: false, columns: undefined, colour: false, write: (more) => (text += more) };
  const exitCode = printError(error, output);
  return { exitCode, text };
}

const problem = (n: number) => ({ code: "E_TEST", where: `file:${n}`, expected: "a", got: "b", fix: "c" });

describe("printError", () => {
  it("prints a user's mistake as its problems, without a stack, and gives its exit code", () => {
    expect(printed(new UsageError(problem(1), problem(2)))).toEqual({
      exitCode: 2,
      text: "file:1 (E_TEST)\n  expected a, got b\n  fix: c\nfile:2 (E_TEST)\n  expected a, got b\n  fix: c\n",
    });
  });

  it("prints fifty problems and counts the rest", () => {
    const { exitCode, text } = printed(new DataError(Array.from({ length: 60 }, (_, i) => problem(i))));
    expect(exitCode).toBe(3);
    expect(text.match(/E_TEST/g)).toHaveLength(50);
    expect(text).toMatch(/… and 10 more problems\n$/);
  });

  it("prints what the system refused as a sentence with a fix", async () => {
    const error: unknown = await readFile("/nowhere/at/all").catch((e: unknown) => e);
    const { exitCode, text } = printed(error);
    expect(exitCode).toBe(3);
    expect(text).toContain("no such file or directory");
    expect(text).toContain("fix: ");
    expect(text).not.toMatch(/^\s+at /m);
  });

  it("prints a defect of ours with its stack, and what is thrown without being an error", () => {
    const { exitCode, text } = printed(new TypeError("x is not a function"));
    expect(exitCode).toBe(70);
    expect(text).toMatch(/^This is a defect of Plumbline[\s\S]*x is not a function\n\s+at /);
    expect(printed("odd").text).toContain("odd");
  });
});
