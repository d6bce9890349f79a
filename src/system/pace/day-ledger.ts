import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What was used of an endpoint's day: pairs of (milliseconds since the epoch, amount), oldest first. */
export interface DayUse {
  readonly requests: readonly (readonly [at: number, amount: number])[];
  readonly tokens: readonly (readonly [at: number, amount: number])[];
}

/** Keeps what was used of a day beyond the process, so that a run that goes on has no second day. */
export interface DayLedger {
  load(): DayUse;
  save(use: DayUse): void;
}

/**
 * A ledger in a file, written whole. Of two processes on one endpoint the later one to write is believed, so that a day's budget is
 * kept by runs one after the other. A file that cannot be read counts as none.
 */
export function fileLedger(path: string): DayLedger {
  return {
    load() {
      try {
        const { requests, tokens } = JSON.parse(readFileSync(path, "utf8")) as Partial<Record<keyof DayUse, unknown>>;
        return { requests: pairs(requests), tokens: pairs(tokens) };
      } catch {
        return { requests: [], tokens: [] };
      }
    },
    save(use) {
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(`${path}.new`, JSON.stringify(use));
        renameSync(`${path}.new`, path);
      } catch {
        // Where nothing can be written, a day's budget is that of this process; no answer is lost for it.
      }
    },
  };
}

function pairs(value: unknown): [number, number][] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (pair): pair is [number, number] => Array.isArray(pair) && pair.length === 2 && pair.every(Number.isFinite),
  );
}
