import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/errors.ts";
import { fileNameOf } from "../lib/text.ts";
import { diskError } from "./append-file.ts";

/** The process that writes a run, so that another can tell whether it still lives. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the process started, in whole milliseconds since the epoch: a process number is used again, this pair is not. */
  readonly startedAt: number;
  /** Whether a process of this host lives. */
  isAlive(pid: number): boolean;
}

/** @param timeOrigin `performance.timeOrigin` of the process, constant while it lives */
export function ownerOf(process: Pick<NodeJS.Process, "pid" | "kill">, host: string, timeOrigin: number): Owner {
  return {
    host,
    pid: process.pid,
    startedAt: Math.round(timeOrigin),
    isAlive(pid) {
      try {
        return process.kill(pid, 0);
      } catch (error) {
        // A process of another user may not be signalled, but it lives.
        return (error as NodeJS.ErrnoException).code === "EPERM";
      }
    },
  };
}

const LOCK = /^writer\.(.+)\.(\d+)\.(\d+)\.lock$/;

/** The file that says who writes a run. Each process has a name of its own, so that none removes another's lock by mistake. */
export function lockName({ host, pid, startedAt }: Pick<Owner, "host" | "pid" | "startedAt">): string {
  return `writer.${fileNameOf(host)}.${pid}.${startedAt}.lock`;
}

/**
 * Takes a run folder for one writer: makes its lock, then looks for others. Of two processes the later one to look sees
 * both locks, so that never both go on. Locks of processes that are gone are removed.
 * @returns gives the folder back
 * @throws DataError (E_RUN_BUSY) when another process writes the run
 */
export async function lockRun(dir: string, owner: Owner): Promise<() => Promise<void>> {
  const mine = lockName(owner);
  try {
    await writeFile(join(dir, mine), "", { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw busy(dir, mine, "this process");
    throw diskError(dir, error);
  }
  const release = () => rm(join(dir, mine), { force: true });
  try {
    const [living] = await removeDeadLocks(dir, owner);
    if (living) throw busy(dir, living.name, `process ${living.pid} on ${living.host}`);
  } catch (error) {
    await release();
    throw error;
  }
  return release;
}

/**
 * Removes the locks of processes that are gone, such as one that was killed when all was done but to give the folder back.
 * @returns the locks of other processes that may live
 */
export async function removeDeadLocks(
  dir: string,
  owner: Owner,
): Promise<{ name: string; host: string; pid: string }[]> {
  const living: { name: string; host: string; pid: string }[] = [];
  for (const name of await readdir(dir)) {
    const [, host, pid] = LOCK.exec(name) ?? [];
    if (host === undefined || pid === undefined || name === lockName(owner)) continue;
    if (mayLive(owner, host, Number(pid))) living.push({ name, host, pid });
    else await rm(join(dir, name), { force: true });
  }
  return living;
}

function mayLive(owner: Owner, host: string, pid: number): boolean {
  if (host !== fileNameOf(owner.host)) return true;
  // Our own number under another start is that of a process before us.
  return pid !== owner.pid && owner.isAlive(pid);
}

function busy(dir: string, name: string, holder: string): DataError {
  return new DataError([
    {
      code: "E_RUN_BUSY",
      where: dir,
      expected: "a run that no other process writes",
      got: `the lock of ${holder}`,
      fix: `wait for it to end; if it is gone for certain, remove ${join(dir, name)}`,
    },
  ]);
}
