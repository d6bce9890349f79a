import { type ChildProcess, execFile, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const MAIN = join(ROOT, "dist/cli/main.js");

/**
 * Compiles `dist` where it is older than the sources. `npm test` has done so; a test file that is run alone has not.
 * Several files may ask at once: a folder is the lock, taken over from a process that died with it.
 */
export async function buildProgram(): Promise<void> {
  const { buildNeeded } = (await import(pathToFileURL(join(ROOT, "scripts/setup.mjs")).href)) as {
    buildNeeded(root: string): boolean;
  };
  if (!buildNeeded(ROOT)) return;
  const lock = join(ROOT, ".cache", "build.lock");
  await mkdir(join(ROOT, ".cache"), { recursive: true });
  for (;;) {
    if (
      await mkdir(lock).then(
        () => true,
        () => false,
      )
    )
      break;
    const since = (await stat(lock).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - since > 60_000) await rm(lock, { recursive: true, force: true });
    await delay(100);
  }
  try {
    const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
    // Types are another check's work: what was emitted is what is tested.
    await promisify(execFile)(process.execPath, [compiler, "-p", join(ROOT, "tsconfig.build.json")]).catch(
      () => undefined,
    );
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

export interface Ended {
  /** 128 + the signal's number where a signal ended it, as shells have it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `bench` as a user's shell does. `ended` resolves when it is gone and its output is read. */
export function startBench(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  options: SpawnOptions = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
  const texts = [child.stdout, child.stderr].map((stream) => {
    const read = { text: "" };
    stream?.on("data", (data: Buffer) => {
      read.text += data.toString();
    });
    return read;
  });
  const ended = once(child, "close").then(([code, signal]): Ended => {
    const numbers: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
    return {
      exitCode: (code as number | null) ?? 128 + (numbers[signal as string] ?? 0),
      stdout: texts[0]!.text,
      stderr: texts[1]!.text,
    };
  });
  return { child, ended };
}

/** Runs `bench` to its end. */
export function bench(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return startBench(args, cwd, env).ended;
}

/** Runs a line of shell with `$BENCH` in it: pipes, redirections, limits. */
export async function shell(script: string, cwd: string): Promise<Ended> {
  const child = spawn("bash", ["-c", script], {
    cwd,
    env: { PATH: process.env.PATH ?? "", BENCH: `${process.execPath} ${MAIN}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString();
  });
  const [code] = await once(child, "close");
  return { exitCode: code as number, stdout, stderr };
}
