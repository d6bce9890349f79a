import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { openRun, verifyRun } from "../runlog/index.ts";
import { tinyProject } from "./testing/tiny-project.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
let built: string;
let program: string;
let expected: string[];

/** Node runs no TypeScript, so the process to kill is compiled first; inside the repository, where its imports resolve. */
beforeAll(async () => {
  await mkdir(join(REPOSITORY, ".cache"), { recursive: true });
  built = await mkdtemp(join(REPOSITORY, ".cache", "kill-"));
  const config = {
    extends: join(REPOSITORY, "tsconfig.json"),
    compilerOptions: { noEmit: false, rootDir: join(REPOSITORY, "src"), outDir: built },
    files: [join(REPOSITORY, "src/run/testing/run-process.ts")],
    include: [],
  };
  await writeFile(join(built, "package.json"), '{"type":"module"}');
  await writeFile(join(built, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(REPOSITORY, "node_modules/typescript/bin/tsc");
  await promisify(execFile)(process.execPath, [compiler, "-p", join(built, "tsconfig.json")]);
  program = join(built, "run/testing/run-process.js");
  expected = await undisturbed(join(built, "whole"));
});

afterAll(async () => {
  await rm(built, { recursive: true, force: true });
});

/** Starts the program; `said` resolves with all that it printed once it is gone. */
function start(root: string, seed: string, moment = "0", signal = "SIGKILL") {
  const child = spawn(process.execPath, [program, root, seed, moment, signal], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  const ready = new Promise<void>((resolve) => {
    child.stdout.on("data", (data: Buffer) => {
      printed += data.toString();
      if (printed.includes("ready\n")) resolve();
    });
    child.once("exit", () => resolve());
  });
  const said = once(child, "close").then(() => printed.replace("ready\n", "").trim());
  return { child, ready, said };
}

async function onlyRun(root: string): Promise<string> {
  const runs = join(root, "runs");
  const names = (await readdir(runs)).filter((name) => !name.startsWith("."));
  expect(names).toHaveLength(1);
  return join(runs, names[0]!);
}

async function timeless(dir: string): Promise<string[]> {
  const log = await readFile(join(dir, "run.jsonl"), "utf8");
  const files = await Promise.all(["questions.jsonl", "passages.jsonl"].map((f) => readFile(join(dir, f), "utf8")));
  const plain = log
    .replace(/"timing":\{[^}]*\}/g, '"timing":{}')
    .replace(/"(startedAt|endedAt)":"[^"]*"/g, '"$1":""')
    .replace(/"sha256":"[0-9a-f]{64}"\}\n$/, '"sha256":""}\n');
  return [plain, ...files];
}

/** What a run that nobody disturbed looks like. */
async function undisturbed(root: string): Promise<string[]> {
  await tinyProject(root);
  expect(await start(root, "0").said).toBe("done complete");
  return timeless(await onlyRun(root));
}

/** Lets the last process finish the run, and compares. */
async function finish(root: string): Promise<void> {
  expect(await start(root, "0").said).toMatch(/^(done complete|finished before)$/);
  const dir = await onlyRun(root);
  expect((await openRun(dir)).state).toBe("complete");
  expect(await timeless(dir)).toEqual(expected);
  expect(await verifyRun(dir)).toEqual([]);
  expect((await readdir(dir)).sort()).toEqual(["passages.jsonl", "questions.jsonl", "run.jsonl"]);
}

describe("a process killed by SIGKILL", { timeout: process.env.PLUMBLINE_SLOW === "1" ? 900_000 : 120_000 }, () => {
  it.each([
    // Questions and manifest are two halves each, then what came together of the 81 results.
    ["while its folder is made", ["1", "2", "3"], 0],
    ["within and between lines", ["5", "8", "13"], 2],
    // The passages and the finished log are two halves each.
    ["while the run is completed", ["seal:1", "seal:2", "seal:3", "seal:4"], 0],
  ])("%s loses nothing finished, and the resumed run ends as the uninterrupted one", async (_, deaths, torn) => {
    const folder = await tempFolder();
    const root = join(folder, "killed");
    await tinyProject(root);
    let tornSeen = 0;
    for (const [i, death] of deaths.entries()) {
      const { child, said } = start(root, String(i), death);
      expect(await said).toBe("");
      expect(child.signalCode).toBe("SIGKILL");
      const dir = await onlyRun(root).catch(() => undefined);
      if (dir === undefined) continue;
      if (!(await readFile(join(dir, "run.jsonl"), "utf8")).endsWith("\n")) tornSeen += 1;
      expect(await verifyRun(dir)).toEqual([]);
    }
    expect(tornSeen).toBe(torn);
    await finish(root);
  });

  // Fifty moments take minutes: PLUMBLINE_SLOW=1.
  it("at any other moment ends likewise, and asks nothing twice that was finished", async () => {
    const folder = await tempFolder();
    const rng = seeded("kill");
    const moments = process.env.PLUMBLINE_SLOW === "1" ? 50 : 4;
    for (let killed = 0; killed < moments; ) {
      const root = join(folder, `killed-${killed}`);
      await tinyProject(root);
      let deaths = 0;
      for (let said = ""; said === "" && killed < moments; ) {
        const started = start(root, String(killed));
        await started.ready;
        await delay(rng.float() * 100);
        started.child.kill("SIGKILL");
        said = await started.said;
        if (said === "") deaths += 1;
        killed += 1;
      }
      await finish(root);
      const asked = (await readFile(join(root, "asked"), "utf8")).trim().split("\n").length;
      expect(asked).toBeGreaterThanOrEqual(81);
      // Four questions are under way at a death and the answers of four more not yet written: they are lost with it.
      expect(asked - 81).toBeLessThanOrEqual(8 * deaths);
    }
  });
});

describe("two processes on one run", { timeout: 120_000 }, () => {
  it("never both write it: the second is told, and the first finishes", async () => {
    const folder = await tempFolder();
    const root = join(folder, "both");
    await tinyProject(root);
    // Halted, not dead: as on a laptop that sleeps.
    const first = start(root, "1", "8", "SIGSTOP");
    while ((await onlyRun(root).catch(() => undefined)) === undefined) await delay(20);
    expect(await start(root, "2").said).toBe("E_RUN_BUSY");
    const waking = setInterval(() => first.child.kill("SIGCONT"), 50);
    first.child.once("exit", () => clearInterval(waking));
    expect(await first.said).toBe("done complete");
    await finish(root);
  });
});
