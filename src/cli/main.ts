#!/usr/bin/env node
import { availableParallelism, hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { ownerOf } from "../runlog/lock.ts";
import type { Deps } from "./deps.ts";
import { runCommandLine } from "./program.ts";
import { streamOutput } from "./terminal/output.ts";
import { printError } from "./terminal/print-error.ts";

const interrupt = new AbortController();
/** Whether the command took the signal, and so ends by itself. */
let stoppable = false;
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    // A second Ctrl-C does not wait for questions in flight: what is finished is in the log already.
    if (interrupt.signal.aborted || !stoppable) process.exit(130);
    interrupt.abort();
  });
}

const stderr = streamOutput(process.stderr, process.env, () => process.exit(3));
const stdout = streamOutput(process.stdout, process.env, (error) => process.exit(printError(error, stderr)));
const argv = process.argv.slice(2);
const deps: Deps = {
  cwd: process.cwd(),
  env: process.env,
  stdout,
  stderr,
  clock: { now: () => Date.now(), monotonic: () => performance.now() },
  random: () => Math.random(),
  endpoints: new Map(),
  get signal() {
    stoppable = true;
    return interrupt.signal;
  },
  commandLine: ["bench", ...argv.map((a) => (/^[\w@%+=:,./-]+$/.test(a) ? a : JSON.stringify(a)))].join(" "),
  packageRoot: fileURLToPath(new URL("../..", import.meta.url)),
  owner: ownerOf(process, hostname(), performance.timeOrigin),
  machine: {
    platform: process.platform,
    arch: process.arch,
    cpus: availableParallelism(),
    node: process.version,
  },
};
process.exitCode = await runCommandLine(argv, deps);
