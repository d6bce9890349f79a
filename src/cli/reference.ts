import type { Command } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";

/** The command-line reference as Markdown, made from the table of commands. */
export function cliReference(): string {
  return [
    "# Command reference",
    "",
    "Made from the commands by `npm run docs`; do not edit. `bench help COMMAND` prints the same.",
    "",
    "Exit codes: 0 ok · 1 gate failed · 2 usage · 3 data or configuration · 4 system unavailable, or failures above the suite's limit ·",
    "5 cannot tell (`bench gate --strict`) · 130 interrupted, the run can be resumed.",
    "",
    ...COMMANDS.flatMap(section),
  ].join("\n");
}

function section(command: Command): string[] {
  const usage = ["bench", command.name, ...command.args.map((a) => a.name)].join(" ");
  const lines = [`## \`${usage}\``, "", `${capital(command.summary)}.`, ""];
  if (command.details) lines.push(command.details, "");
  const options = Object.values(command.options);
  if (command.args.length + options.length > 0) {
    lines.push("| argument | meaning | default |", "| --- | --- | --- |");
    for (const arg of command.args) lines.push(`| \`${arg.name}\` | ${cell(arg.summary)} | |`);
    for (const option of options) {
      const shown = option.parse && !option.many && option.default !== undefined ? `\`${String(option.default)}\`` : "";
      const many = option.many ? " (several: repeat it or separate by commas)" : "";
      lines.push(`| \`${option.flags}\` | ${cell(option.summary)}${many} | ${shown} |`);
    }
    lines.push("");
  }
  for (const example of command.examples) lines.push(`- \`${example.command}\`: ${example.says}`);
  lines.push("");
  return lines;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
