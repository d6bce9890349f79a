import type { Command } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";

/** The command-line reference as Markdown, made from the table of commands. */
export function cliReference(commands: readonly Command[] = COMMANDS): string {
  return [
    "# Command reference",
    "",
    "Made from the commands by `npm run docs`; do not edit. `bench help COMMAND` prints the same.",
    "",
    "| command | what it does |",
    "| --- | --- |",
    ...commands.map(({ name, summary }) => `| [\`bench ${name}\`](#${anchor(name)}) | ${cell(summary)} |`),
    "",
    "| exit code | meaning |",
    "| --- | --- |",
    ...EXIT_CODES.map(([code, meaning]) => `| ${code} | ${meaning} |`),
    "",
    "Results go to standard output, progress, notes and errors to standard error. `NO_COLOR` and `CI` are honoured; what is no",
    "terminal gets no escape sequences.",
    "",
    ...commands.flatMap(section),
  ].join("\n");
}

const EXIT_CODES = [
  [0, "done; of `bench gate`: pass, or cannot tell"],
  [1, "`bench gate`: fail"],
  [2, "the command line is wrong"],
  [3, "a configuration file, a dataset, a run or the disk is wrong"],
  [4, "a system is unavailable, or more questions failed than the suite's `max_failures` allows"],
  [5, "`bench gate --strict`: cannot tell"],
  [70, "a defect of Plumbline, printed with its stack"],
  [130, "interrupted; a run goes on with `--resume`"],
] as const;

function section(command: Command): string[] {
  const usage = ["bench", command.name, ...command.args.map((arg) => arg.name)].join(" ");
  const options = Object.values(command.options);
  const lines = [`## bench ${command.name}`, "", `\`${usage}${options.length > 0 ? " [options]" : ""}\``, ""];
  lines.push(`${text(capital(command.summary))}.`, "", ...details(command.details));
  if (command.args.length + options.length > 0) {
    lines.push("| argument | meaning | default |", "| --- | --- | --- |");
    for (const arg of command.args) lines.push(`| \`${arg.name}\` | ${cell(arg.summary)} | |`);
    for (const option of options) {
      const shown = option.parse && !option.many && option.default !== undefined ? `\`${String(option.default)}\`` : "";
      const many = option.many ? "; several: repeat it or separate by commas" : "";
      lines.push(`| \`${option.flags}\` | ${cell(option.summary)}${many} | ${shown} |`);
    }
    lines.push("");
  }
  for (const example of command.examples) lines.push(`- \`${example.command}\`: ${text(example.says)}`);
  lines.push("");
  return lines;
}

/** Running text stays text; what is laid out in columns for a terminal keeps its layout. */
function details(written: string | undefined): string[] {
  if (written === undefined) return [];
  return /^ {2}/m.test(written) ? ["```text", written, "```", ""] : [text(written), ""];
}

/** As GitHub makes it of the heading. */
function anchor(name: string): string {
  return `bench-${name.replaceAll(" ", "-")}`;
}

function capital(written: string): string {
  return written.charAt(0).toUpperCase() + written.slice(1);
}

function cell(written: string): string {
  return text(written).replaceAll("|", "\\|");
}

/** A `<placeholder>` outside of code would be taken for HTML. */
function text(written: string): string {
  return written.replace(/`[^`]*`|</g, (found) => (found === "<" ? "&lt;" : found));
}
