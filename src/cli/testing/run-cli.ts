import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import type { Env } from "../../config/index.ts";
import { ownerOf } from "../../runlog/index.ts";
import type { Deps } from "../deps.ts";
import { runCommandLine } from "../program.ts";

/** What a command line printed and its exit code. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, in a folder, with captured output. */
export async function runCli(
  argv: readonly string[],
  cwd: string,
  options: { env?: Env; signal?: AbortSignal; columns?: number } = {},
): Promise<CliResult> {
  let stdout = "";
  let stderr = "";
  const output = (write: (text: string) => void): Deps["stdout"] => ({
    write,
    interactive: false,
    columns: options.columns,
    colour: false,
  });
  const exitCode = await runCommandLine(argv, {
    cwd,
    env: options.env ?? {},
    stdout: output((text) => {
      stdout += text;
    }),
    stderr: output((text) => {
      stderr += text;
    }),
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    random: () => 0,
    endpoints: new Map(),
    signal: options.signal ?? new AbortController().signal,
    commandLine: ["bench", ...argv].join(" "),
    packageRoot: fileURLToPath(new URL("../../..", import.meta.url)),
    owner: ownerOf(process, hostname(), performance.timeOrigin),
    machine: { platform: "test", arch: "test", cpus: 2, node: process.version },
  });
  return { exitCode, stdout, stderr };
}
