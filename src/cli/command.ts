import type { Deps } from "./deps.ts";

/** A flag of a command. `T` is the type of its value as the command gets it. */
export interface OptionSpec<T> {
  /** As commander writes it: `-s, --system <id>`, `--force`. */
  readonly flags: string;
  readonly summary: string;
  /** Reads one written value; throws UsageError. Absent for a switch. */
  readonly parse?: (text: string, flag: string) => unknown;
  /** Values are collected: given several times or separated by commas. */
  readonly many?: boolean;
  readonly default?: T;
}

/** A positional argument: `<required>`, `[optional]`, `[many...]`. */
export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
}

export interface Example {
  readonly command: string;
  readonly says: string;
}

type Options = Readonly<Record<string, OptionSpec<unknown>>>;

/** The values of declared options. */
export type Values<O> = { readonly [K in keyof O]: O[K] extends OptionSpec<infer T> ? T : never };

/**
 * A command as data: its help, its documentation and its types come from here. Its file is read for the help of its group too, so it
 * imports at its top only what is light; what its `run` needs, `run` imports. Its name and its summary stand in `overview.ts` alone.
 */
export interface CommandSpec {
  /** More than one line of help. */
  readonly details?: string;
  readonly args: readonly ArgumentSpec[];
  readonly options: Options;
  readonly examples: readonly Example[];
  /** @returns the exit code */
  run(args: readonly string[], options: Readonly<Record<string, unknown>>, deps: Deps): Promise<number>;
}

/** What `bench --help` shows of a command. */
export interface Listed {
  /** Words after `bench`: `run`, `dataset import`. */
  readonly name: string;
  readonly summary: string;
}

export type Command = Listed & CommandSpec;

/** Declares a command; `run` gets its options with their types. */
export function defineCommand<const O extends Options>(spec: {
  readonly details?: string;
  readonly args?: readonly ArgumentSpec[];
  readonly options: O;
  readonly examples: readonly Example[];
  run(args: readonly string[], options: Values<O>, deps: Deps): Promise<number>;
}): CommandSpec {
  return {
    ...spec,
    args: spec.args ?? [],
    run: (args, options, deps) => spec.run(args, options as Values<O>, deps),
  };
}

/** A switch: false unless given. */
export function flag(flags: string, summary: string): OptionSpec<boolean> {
  return { flags, summary, default: false };
}

/** A value that may be left out. */
export function optional<T>(
  flags: string,
  summary: string,
  parse: (text: string, flag: string) => T,
): OptionSpec<T | undefined> {
  return { flags, summary, parse };
}

/** A value with a default. */
export function value<T>(
  flags: string,
  summary: string,
  parse: (text: string, flag: string) => T,
  initial: T,
): OptionSpec<T> {
  return { flags, summary, parse, default: initial };
}

/** Several values: repeat the flag or separate by commas. Empty when not given. */
export function list<T>(
  flags: string,
  summary: string,
  parse: (text: string, flag: string) => T,
): OptionSpec<readonly T[]> {
  return { flags, summary, parse, many: true, default: [] };
}
