import { formatProblem, type Problem } from "./problem.ts";

/** What the process exits with. `ok` is for success; the others are carried by errors and by gate verdicts. */
export const EXIT = {
  ok: 0,
  gateFailed: 1,
  usage: 2,
  data: 3,
  unavailable: 4,
  cannotTell: 5,
  interrupted: 130,
} as const;

/**
 * An error that a user caused or can act on. It is printed as its problems, without a stack.
 * Anything else that is thrown is a defect of Plumbline and is printed with its stack.
 */
export class BenchError extends Error {
  override readonly name: string = "BenchError";
  readonly problems: readonly Problem[];
  readonly exitCode: number;

  /** @param problems at least one; all that were found, not only the first */
  constructor(problems: readonly Problem[], exitCode: number, options?: ErrorOptions) {
    super(problems.map(formatProblem).join("\n"), options);
    this.problems = problems;
    this.exitCode = exitCode;
  }

  /** The code of the first problem. */
  get code(): string {
    return this.problems[0]?.code ?? "E_UNKNOWN";
  }
}

/** The command line is wrong (exit code 2). */
export class UsageError extends BenchError {
  override readonly name = "UsageError";
  constructor(...problems: readonly Problem[]) {
    super(problems, EXIT.usage);
  }
}

/** A configuration file, a dataset or a run folder is wrong (exit code 3). */
export class DataError extends BenchError {
  override readonly name = "DataError";
  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems, EXIT.data, options);
  }
}

/** A system under test or a judge cannot be reached or used at all (exit code 4). */
export class UnavailableError extends BenchError {
  override readonly name = "UnavailableError";
  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems, EXIT.unavailable, options);
  }
}

/**
 * Codes of an {@link UnavailableError} for a server that is up and takes no further question for long: what it has taken, it
 * answers, and calls under way are paid for.
 */
export const USED_UP: ReadonlySet<string> = new Set(["E_BUDGET_USED", "E_ENDPOINT_RATE_LIMIT"]);

/**
 * One call of a system under test failed in a way that belongs to that question alone. The run records it as a failure
 * with this code and goes on.
 */
export class SystemFailure extends Error {
  override readonly name = "SystemFailure";
  readonly code: string;
  /** Whether asking again may help (time-out, 429, 5xx) or cannot (a 400, a malformed reply). */
  readonly retryable: boolean;
  /** How many times the system itself was asked; a client that retries inside says so here. */
  readonly attempts: number;

  constructor(code: string, message: string, options: ErrorOptions & { retryable: boolean; attempts?: number }) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable;
    this.attempts = options.attempts ?? 1;
  }
}

/** A function of the public API was called with an argument outside its documented domain. */
export class BadArgument extends Error {
  override readonly name = "BadArgument";
  readonly code = "E_ARGUMENT";
}
