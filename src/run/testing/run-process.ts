import { appendFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BenchError } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import { ownerOf } from "../../runlog/index.ts";
import { executeRun } from "../execute-run.ts";
import { placeRun } from "../place-run.ts";
import { madeSystem } from "./made-system.ts";
import { openTiny } from "./tiny-project.ts";

/**
 * A process that carries the tiny suite out, or goes on with it; made to be killed. Every write is done in two halves
 * with a pause between them, so that deaths fall into the middle of a line.
 * Usage: node run-process.js FOLDER SEED [MOMENT [SIGNAL]]. Prints `ready`, then `done complete`, `finished before`, or the code of
 * the error. With MOMENT it sends itself SIGNAL (SIGKILL) right after so many halves of writes, questions and manifest included;
 * with `seal:3` after so many of those that complete the run.
 */
const [root = "", seed = "0", moment = "0", signal = "SIGKILL"] = process.argv.slice(2);
const sealing = moment.startsWith("seal:");
const last = Number(moment.replace("seal:", ""));
let halves = 0;

const halting = async (path: string, flags: string): Promise<FileHandle> => {
  let second = true;
  return new Proxy(await open(path, flags), {
    get(file, key) {
      if (key !== "write") {
        const value: unknown = Reflect.get(file, key);
        return typeof value === "function" ? value.bind(file) : value;
      }
      return async (data: Buffer, from = 0, length = data.length - from, at?: number) => {
        second = !second;
        const written = await file.write(data, from, second ? length : halfOf(data, from, length), at);
        if (!sealing || completes(path)) halves += 1;
        if (halves === last) process.kill(process.pid, signal);
        await delay(1);
        return written;
      };
    },
  });
};

/** Half of a write, which ends within a line: two lines of one length would be parted between them. */
function halfOf(data: Buffer, from: number, length: number): number {
  const half = Math.ceil(length / 2);
  return data[from + half - 1] === 10 ? half - 1 : half;
}

/** Of the files that are made anew, those of a folder that is there already. */
function completes(path: string): boolean {
  return path.endsWith(".new") && !basename(dirname(path)).startsWith(".");
}

/** Every call of the system, before it is made: the bill. */
function count(what: string, query: { readonly id: string }): void {
  appendFileSync(join(root, "asked"), `${what} ${query.id}\n`);
}

const project = openTiny(root);
const plan = await project.plan();
const store = await project.store();
process.stdout.write("ready\n");
try {
  const owner = ownerOf(process, hostname(), performance.timeOrigin);
  const place = await placeRun(project.runs, plan, { resume: true, owner });
  if (place.action === "reuse") {
    process.stdout.write("finished before\n");
    process.exit();
  }
  const result = await executeRun(plan, place, {
    system: { ...madeSystem({ rng: seeded(seed), slowMs: 3, before: count }), concurrency: 4 },
    passages: store,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    signal: new AbortController().signal,
    owner,
    open: halting,
  });
  process.stdout.write(`done ${result.state}\n`);
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  process.stdout.write(`${error.code}\n`);
} finally {
  await store.close();
}
