/**
 * What it costs to start: CPU seconds of `bench --help` beside those of an empty Node, medians of 15.
 *
 *   npm run build && npx tsc -p . --noEmit false --outDir dist/perf && node dist/perf/benchmarks/perf/start.js
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROUNDS = 15;

/** Loaded before the program: writes the CPU seconds of its process, user and system, to a file when it ends. */
const LAST_WORDS = `process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  require("node:fs").writeFileSync(process.env.CPU_FILE, String((user + system) / 1e6));
});`;

const folder = mkdtempSync(join(tmpdir(), "plumbline-start-"));
const preload = join(folder, "last-words.cjs");
const CPU_FILE = join(folder, "cpu");
writeFileSync(preload, LAST_WORDS);

function cpuOf(args: readonly string[]): number {
  spawnSync(process.execPath, ["--require", preload, ...args], { stdio: "ignore", env: { ...process.env, CPU_FILE } });
  return Number(readFileSync(CPU_FILE, "utf8"));
}

for (const [name, args] of [
  ["node -e 0", ["-e", "0"]],
  ["bench --help", [resolve("dist/cli/main.js"), "--help"]],
  ["bench run --help", [resolve("dist/cli/main.js"), "run", "--help"]],
] as const) {
  const times = Array.from({ length: ROUNDS }, () => cpuOf(args)).sort((a, b) => a - b);
  console.log(`${name}: ${times[ROUNDS >> 1]!.toFixed(3)} s CPU, least ${times[0]!.toFixed(3)}`);
}
rmSync(folder, { recursive: true });
