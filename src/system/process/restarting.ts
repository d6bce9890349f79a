import type { JsonObject } from "../../embed/json-file.ts";
import { LineChild, type LineChildOptions, ProcessFault } from "./line-child.ts";

/** A process that is started when it is first needed, and again after a fault. */
export interface RestartingProcess {
  /** How often it was started again. */
  readonly restarts: number;
  /** Whether its last fault was one too many: it is not started again. */
  readonly exhausted: boolean;
  /** @throws ProcessFault when it does not get ready */
  start(signal: AbortSignal): Promise<void>;
  /** @throws ProcessFault for this question alone; the next one meets a new process */
  ask(request: JsonObject, signal: AbortSignal): Promise<JsonObject>;
  close(): Promise<void>;
}

/** @param most how often it is started again in all */
export function restarting(options: LineChildOptions, most: number): RestartingProcess {
  let current: LineChild | undefined;
  let starts = 0;
  let closed = false;
  const open = async (signal: AbortSignal): Promise<LineChild> => {
    if (closed) throw new ProcessFault("E_PROCESS_CRASH", "the process was closed");
    if (current?.fault) {
      if (starts > most) throw current.fault;
      await current.close();
      // Another question may have been faster.
      if (current.fault) current = undefined;
    }
    if (!current) {
      current = new LineChild(options);
      starts += 1;
    }
    const child = current;
    await child.ready(signal);
    return child;
  };
  return {
    get restarts() {
      return Math.max(0, starts - 1);
    },
    get exhausted() {
      return current?.fault !== undefined && starts > most;
    },
    start: async (signal) => {
      await open(signal);
    },
    ask: async (request, signal) => (await open(signal)).ask(request, signal),
    async close() {
      closed = true;
      await current?.close();
    },
  };
}
