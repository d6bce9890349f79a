import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { COMMANDS } from "./commands/index.ts";
import { runCli } from "./testing/run-cli.ts";
import { VERSION } from "./version.ts";

const HERE = process.cwd();

describe("help", () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    "of %s shows its summary, options and examples, the same by --help and by bench help",
    async (name, command) => {
      const words = name.split(" ");
      const help = await runCli([...words, "--help"], HERE, { columns: 1000 });
      expect(help).toMatchObject({ exitCode: 0, stderr: "" });
      expect(help.stdout).toContain(command.summary);
      for (const { command: typed, says } of command.examples)
        expect(help.stdout).toContain(`  $ ${typed}\n      ${says}`);
      for (const { flags, summary } of Object.values(command.options)) {
        expect(help.stdout).toContain(flags);
        expect(help.stdout).toContain(summary);
      }
      expect(await runCli(["help", ...words], HERE, { columns: 1000 })).toEqual(help);
    },
  );

  it("of bench lists every command", async () => {
    const { exitCode, stdout } = await runCli(["--help"], HERE);
    expect(exitCode).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name.split(" ")[0]} `, "m"));
  });

  it("of a group lists its commands", async () => {
    const { exitCode, stdout } = await runCli(["help", "dataset"], HERE);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/import[\s\S]*check[\s\S]*show/);
  });

  it("of nothing is a usage error with the list of commands", async () => {
    const { exitCode, stdout, stderr } = await runCli([], HERE);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("Commands:");
  });

  it.each([
    [["help", "datset"], "Did you mean dataset?"],
    [["help", "dataset", "chek"], "Did you mean check?"],
  ])("%j is refused with a suggestion", async (args, message) => {
    const { exitCode, stderr } = await runCli(args, HERE);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it("has examples that are command lines which the commands accept", async () => {
    const folder = await tempFolder();
    for (const { examples } of COMMANDS) {
      for (const { command } of examples) {
        const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
        expect(words[0]).toBe("bench");
        const { stderr } = await runCli(words.slice(1), folder);
        expect(stderr, command).not.toMatch(/^error:|E_USAGE/m);
      }
    }
  });

  it("prints the version", async () => {
    expect(await runCli(["--version"], HERE)).toEqual({ exitCode: 0, stdout: `${VERSION}\n`, stderr: "" });
  });
});

describe("a mistyped command line", () => {
  it.each([
    [["rn"], "unknown command 'rn'", "Did you mean run?"],
    [["dataset", "chek", "x"], "unknown command 'chek'", "Did you mean check?"],
    [["run", "--sistem", "x"], "unknown option '--sistem'", "Did you mean --system?"],
    [["run", "extra"], "too many arguments", "--help"],
    [["gate", "a"], "missing required argument 'candidate'", "--help"],
    [["run", "--system"], "argument missing", "--help"],
    [["frobnicate"], "unknown command 'frobnicate'", "--help"],
  ])("%j exits with 2 and a suggestion, without a stack", async (args, message, fix) => {
    const { exitCode, stdout, stderr } = await runCli(args, HERE);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toContain(fix);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
