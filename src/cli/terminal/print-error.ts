import { BenchError, EXIT } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { printable } from "../../lib/text.ts";
import { line, type Output } from "../deps.ts";

/** How many problems are printed in full; the rest are counted. */
const SHOWN = 50;

/**
 * Prints what went wrong. A user's mistake is its problems, without a stack; anything else is a defect of ours and is
 * printed with its stack.
 * @returns the exit code
 */
export function printError(error: unknown, stderr: Output): number {
  if (error instanceof BenchError) {
    for (const problem of error.problems.slice(0, SHOWN)) line(stderr, formatProblem(problem));
    if (error.problems.length > SHOWN) line(stderr, `… and ${error.problems.length - SHOWN} more problems`);
    return error.exitCode;
  }
  const code = (error as NodeJS.ErrnoException)?.code;
  if (error instanceof Error && typeof code === "string" && /^E[A-Z]+$/.test(code) && "syscall" in error) {
    line(stderr, printable(`${error.message} (${code})`));
    line(stderr, "  fix: check that the path exists, is writable and that the disk has room");
    return EXIT.data;
  }
  line(stderr, "This is a defect of Plumbline, please report it:");
  line(stderr, error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 70;
}
