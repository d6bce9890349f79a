import type { Env } from "../config/index.ts";
import type { Clock } from "../core/contracts.ts";
import type { Owner } from "../runlog/index.ts";
import type { SystemDeps } from "../system/index.ts";

/** A place to print to. */
export interface Output {
  write(text: string): void;
  /** Whether a person watches: progress is drawn in place instead of printed line by line. */
  readonly interactive: boolean;
  /** Characters in a line; undefined when not a terminal. */
  readonly columns: number | undefined;
  readonly colour: boolean;
  /** The stream behind it, for a display that moves the cursor. */
  readonly stream?: NodeJS.WritableStream;
}

/** Everything of the outside world that a command may touch, so that tests run commands without a process. */
export interface Deps {
  readonly cwd: string;
  readonly env: Env;
  /** Results. */
  readonly stdout: Output;
  /** Progress, notes and errors. */
  readonly stderr: Output;
  readonly clock: Clock;
  /** Uniform in [0, 1): the jitter of waits, nothing that a result depends on. */
  readonly random: () => number;
  /** What this process knows of the endpoints it asks: systems and judges share their budgets. */
  readonly endpoints: NonNullable<SystemDeps["endpoints"]>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The command as typed, for the run log. */
  readonly commandLine: string;
  /** The folder of the installed package: templates and starter files. */
  readonly packageRoot: string;
  /** This process, for the lock of a run folder. */
  readonly owner: Owner;
  readonly machine: { platform: string; arch: string; cpus: number; node: string };
}

/** Prints a line to an output. */
export function line(output: Output, text = ""): void {
  output.write(`${text}\n`);
}

/** How wide and how colourful text on an output may be; what is no terminal takes long lines. */
export function terminalOf(output: Output): { columns: number; color: boolean } {
  return { columns: output.columns ?? 160, color: output.colour };
}
