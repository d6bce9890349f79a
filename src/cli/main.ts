#!/usr/bin/env node
import { availableParallelism, hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { ownerOf } from "../runlog/index.ts";
import type { Output } from "./deps.ts";
import { runCommandLine } from "./program.ts";

const interrupt = new AbortController();
process.on("SIGINT", () => {
  // A second Ctrl-C does not wait for questions in flight: what is finished is in the log already.
  if (interrupt.signal.aborted) process.exit(130);
  interrupt.abort();
});
process.on("SIGTERM", () => interrupt.abort());
// A reader that goes away (`bench metrics | head`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}

function output(stream: NodeJS.WriteStream): Output {
  const { NO_COLOR, FORCE_COLOR, CI, TERM } = process.env;
  const terminal = stream.isTTY === true && TERM !== "dumb";
  return {
    write: (text) => void stream.write(text),
    stream,
    interactive: terminal && !CI,
    columns: stream.isTTY ? stream.columns : undefined,
    colour: FORCE_COLOR ? FORCE_COLOR !== "0" : terminal && !NO_COLOR && !CI,
  };
}

const argv = process.argv.slice(2);
process.exitCode = await runCommandLine(argv, {
  cwd: process.cwd(),
  env: process.env,
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  clock: { now: () => Date.now(), monotonic: () => performance.now() },
  signal: interrupt.signal,
  commandLine: ["bench", ...argv.map((a) => (/^[\w@%+=:,./-]+$/.test(a) ? a : JSON.stringify(a)))].join(" "),
  packageRoot: fileURLToPath(new URL("../..", import.meta.url)),
  owner: ownerOf(process, hostname(), performance.timeOrigin),
  machine: {
    platform: process.platform,
    arch: process.arch,
    cpus: availableParallelism(),
    node: process.version,
  },
});
