import { Command as Commander, CommanderError, Option } from "commander";
import { BenchError, EXIT, UsageError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import type { Command, Example, OptionSpec } from "./command.ts";
import { FIRST_STEPS, OVERVIEW } from "./commands/overview.ts";
import { type Deps, line } from "./deps.ts";
import { guardedOutput } from "./terminal/guarded-output.ts";
import { printError } from "./terminal/print-error.ts";
import { VERSION } from "./version.ts";

/**
 * Runs one command line.
 * @param argv the words after `bench`
 * @returns the exit code; every error has been printed
 */
export async function runCommandLine(argv: readonly string[], outside: Deps): Promise<number> {
  const deps = guarded(outside);
  let exitCode: number = EXIT.ok;
  try {
    const program = await createProgram(argv, deps, (code) => {
      exitCode = code;
    });

    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (deps.signal.aborted && !(error instanceof BenchError)) {
      line(deps.stderr, "interrupted");
      return EXIT.interrupted;
    }
    return printError(error, deps.stderr);
  } finally {
    for (const endpoint of deps.endpoints.values()) endpoint.remember();
  }
}

/** The same outside world with outputs that take no orders. Getters stay getters: who reads `signal` says that it ends by itself. */
function guarded(outside: Deps): Deps {
  const { stdout, stderr } = outside;
  const outputs = { stdout: guardedOutput(stdout), stderr: guardedOutput(stderr) };
  const all = { ...Object.getOwnPropertyDescriptors(outside), ...Object.getOwnPropertyDescriptors(outputs) };
  return Object.defineProperties({}, all) as Deps;
}

/** The commander program: of the commands that a command line names with all they have, of the others what a list of them shows. */
async function createProgram(
  argv: readonly string[],
  deps: Deps,
  done: (exitCode: number) => void,
): Promise<Commander> {
  const program = new Commander("bench")
    .description("Evaluation of retrieval-augmented question answering with numbers you can defend.")
    .version(VERSION, "-V, --version", "print the version")
    .helpCommand(false)
    .addHelpText("after", `\n${examples(FIRST_STEPS)}`);
  prepare(program, deps);
  const groups = new Map<string, Commander>();
  const named = argv.find((word) => !word.startsWith("-") && word !== "help");
  for (const { name, summary, load } of OVERVIEW) {
    const words = name.split(" ");
    const parent = words.length === 1 ? program : groupOf(program, words[0]!, groups, deps);
    const last = words.at(-1)!;
    const built =
      words[0] === named
        ? build(await load(), last, deps, done)
        : prepare(new Commander(last).description(summary), deps);
    parent.addCommand(built);
    // A command may have further ones below it: `export RUN` and `export mlflow`.
    if (words.length === 1) groups.set(words[0]!, built);
  }
  program.addCommand(
    prepare(new Commander("help"), deps)
      .description("show the help of a command")
      .argument("[command...]", "its words: run, dataset import")
      .action((words: string[]) => helpOf(program, words)),
  );
  return program;
}

const GROUPS: ReadonlyMap<string, string> = new Map([
  ["cache", "look at and empty the answers kept for later runs"],
  ["dataset", "import, export, check and look at datasets"],
  ["judge", "let judges grade the answers of runs"],
  ["probe", "measure what changes an answer: long contexts, distractors, other words"],
  ["refusal", "measure and choose what tells refusals"],
  ["system", "bring systems of other tools in"],
  ["log", "look at run logs"],
]);

function groupOf(program: Commander, name: string, groups: Map<string, Commander>, deps: Deps): Commander {
  let group = groups.get(name);
  if (!group) {
    group = prepare(new Commander(name).description(GROUPS.get(name) ?? ""), deps);
    groups.set(name, group);
    program.addCommand(group);
  }
  return group;
}

/** Shows the help of a command; words that name none are an error with the nearest name, as they are without `help`. */
function helpOf(program: Commander, words: readonly string[]): void {
  let command = program;
  for (const word of words) {
    const next = command.commands.find((c) => c.name() === word);
    // Of a group, an unknown word is what commander says it is; what follows a whole command says nothing of its help.
    if (!next && command.commands.length > 0 && command.registeredArguments.length === 0)
      command.parse([word], { from: "user" });
    command = next ?? command;
  }
  command.help();
}

function build(command: Command, name: string, deps: Deps, done: (exitCode: number) => void): Commander {
  const built = prepare(new Commander(name).description(command.summary), deps);
  for (const arg of command.args) built.argument(arg.name, arg.summary);
  for (const option of Object.values(command.options)) built.addOption(toOption(option));
  const after = [command.details, examples(command.examples)].filter(Boolean).join("\n\n");
  if (after) built.addHelpText("after", `\n${after}`);
  built.action(async (...received: unknown[]) => {
    const args = received
      .slice(0, command.args.length)
      .flat()
      .filter((a) => a !== undefined) as string[];
    const problems: Problem[] = [];
    const options = readOptions(command, built.opts(), problems);
    if (problems.length > 0) throw new UsageError(...problems);
    done(await command.run(args, options, deps));
  });
  return built;
}

function toOption(spec: OptionSpec<unknown>): Option {
  const option = new Option(spec.flags, spec.summary);
  if (spec.many) option.argParser((text: string, earlier: string[] | undefined) => [...(earlier ?? []), text]);
  if (spec.parse && !spec.many && spec.default !== undefined) {
    option.default(String(spec.default), String(spec.default));
  }
  return option;
}

/** Parses the written values; all that are wrong are reported at once. */
function readOptions(command: Command, written: Record<string, unknown>, problems: Problem[]): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(command.options)) {
    const option = new Option(spec.flags);
    const name = option.long ?? option.flags;
    const value = written[option.attributeName()];
    const parse = (text: string): unknown => {
      try {
        return spec.parse!(text, name);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        problems.push(...error.problems);
        return undefined;
      }
    };
    if (!spec.parse) options[key] = value === true;
    else if (spec.many) {
      const parts = ((value as string[] | undefined) ?? []).flatMap((v) => v.split(","));
      options[key] = parts.map((part) => parse(part.trim()));
    } else options[key] = value === undefined ? spec.default : parse(String(value));
  }
  return options;
}

function prepare(command: Commander, deps: Deps): Commander {
  return command
    .exitOverride()
    .showHelpAfterError("(--help says what there is)")
    .configureOutput({
      writeOut: (text) => deps.stdout.write(text),
      writeErr: (text) => deps.stderr.write(text),
      getOutHelpWidth: () => deps.stdout.columns ?? 100,
      getErrHelpWidth: () => deps.stderr.columns ?? 100,
    });
}

function examples(list: readonly Example[]): string {
  if (list.length === 0) return "";
  return ["Examples:", ...list.flatMap((e) => [`  $ ${e.command}`, `      ${e.says}`])].join("\n");
}
