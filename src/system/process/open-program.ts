import type { ProcessKeys } from "../../config/process-keys.ts";
import { DataError, SystemFailure, UnavailableError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { JsonObject } from "../../embed/json-file.ts";
import { printable, truncate } from "../../lib/text.ts";
import type { BuildContext } from "../build-context.ts";
import { limiter } from "../limiter.ts";
import { folderOf, placeOf } from "../named-file.ts";
import { redactor, SHORTEST_IN_ANSWER } from "../openai/redact.ts";
import { type LineChildOptions, ProcessFault } from "./line-child.ts";
import { restarting } from "./restarting.ts";

/** What every program needs to be found and to speak the right language; all else is named in the system file. */
const PASSED_ON = [
  "PATH",
  "HOME",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TMPDIR",
  "TEMP",
  "SystemRoot",
  "VIRTUAL_ENV",
] as const;

/** A part of a system in a process of its own: it takes and gives lines of JSON. */
export interface Program {
  /** How messages name it. */
  readonly name: string;
  /** Takes the values of the variables that are passed on out of an answer. */
  readonly redactAnswer: (text: string) => string;
  /**
   * Asks when it is this question's turn.
   * @returns the reply, and how long it took from when the process was ready for it
   * @throws SystemFailure E_PROCESS_… when it ends, hangs, writes garbage or answers with an error
   */
  ask(request: JsonObject, signal: AbortSignal): Promise<{ readonly reply: JsonObject; readonly ms: number }>;
}

/**
 * Prepares the program of a part of a system: it starts before the first question, is started again after a fault, and ends with
 * the system.
 * @throws DataError for variables that are to be passed on and are not set
 */
export function openProgram(config: ProcessKeys, pointer: string, context: BuildContext): Program {
  const { system, deps } = context;
  const problems: Problem[] = [];
  const env = new Map<string, string>();
  for (const name of PASSED_ON) if (deps.env[name] !== undefined) env.set(name, deps.env[name]);
  for (const [at, name] of (config.env ?? []).entries()) {
    const value = deps.env[name];
    if (value !== undefined) env.set(name, value);
    else {
      const where = placeOf(system, `${pointer}/env/${at}`);
      const fix = `export ${name}=…, or remove it from env`;
      problems.push({ code: "E_SYSTEM_ENV", where, expected: `the environment variable ${name}`, got: "nothing", fix });
    }
  }
  if (problems.length > 0) throw new DataError(problems);
  const secrets = (config.env ?? []).map((name) => deps.env[name]);
  const options: LineChildOptions = {
    command: config.command,
    cwd: folderOf(system),
    env: Object.fromEntries(env),
    startTimeoutMs: config.start_timeout_s * 1000,
    timeoutMs: config.timeout_s * 1000,
    redact: redactor(secrets),
  };
  const program = restarting(options, config.restarts);
  const close = (): Promise<void> => program.close();
  deps.signal.addEventListener("abort", close, { once: true });
  context.closers.push(() => {
    deps.signal.removeEventListener("abort", close);
    return close();
  });
  const name = `process ${config.command[0]}`;
  context.notes.push(() => (program.restarts > 0 ? [`${name}: started again ${program.restarts} times`] : []));
  context.preflights.push(async (signal) => {
    try {
      await program.start(signal);
    } catch (error) {
      if (!(error instanceof ProcessFault)) throw error;
      const { code, message } = error;
      const fix =
        'run the command by hand in that folder: it must write {"ready": true} to stdout and nothing else before';
      const where = placeOf(system, `${pointer}/command`);
      throw new UnavailableError([{ code, where, expected: "a process that gets ready", got: message, fix }]);
    }
  });
  const limit = limiter(config.concurrency);
  const ask: Program["ask"] = async (request, signal) => {
    try {
      await program.start(signal);
      const started = deps.clock.monotonic();
      const reply = await program.ask(request, signal);
      const ms = deps.clock.monotonic() - started;
      if (typeof reply.error !== "string") return { reply, ms };
      const said = truncate(printable(options.redact(reply.error)), 500);
      throw new SystemFailure("E_PROCESS_ERROR", `${name} answered with an error: ${said}`, { retryable: false });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProcessFault)) throw error;
      throw new SystemFailure(error.code, error.message, { retryable: !program.exhausted });
    }
  };
  return {
    name,
    redactAnswer: redactor(secrets, SHORTEST_IN_ANSWER),
    ask: (request, signal) => limit(() => ask(request, signal), signal),
  };
}
