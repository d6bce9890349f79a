import type { System } from "../config/resolved.ts";
import { pointerKeys } from "../lib/pointer.ts";
import type { SystemDeps } from "./build-system.ts";
import { indexOpener, type OpenIndex } from "./index-opener.ts";
import type { Pacer } from "./pace/pacer.ts";

/** What the parts of one system share while it is built, and what they leave for later. */
export interface BuildContext {
  readonly system: System;
  readonly deps: SystemDeps;
  readonly openIndex: OpenIndex;
  /** Asked before the first question; each throws UnavailableError with the fix. */
  readonly preflights: ((signal: AbortSignal) => Promise<void>)[];
  /** What is to be told after a run. */
  readonly notes: (() => readonly string[])[];
  readonly closers: (() => Promise<void>)[];
  /** How many calls each part takes at once that waits for another process; a part in this process adds none. */
  readonly limits: number[];
  /** What lets calls of each endpoint go. */
  readonly pacers: Pacer[];
}

export function buildContext(system: System, given: SystemDeps): BuildContext {
  const deps = { endpoints: new Map(), ...given };
  return { system, deps, openIndex: indexOpener(deps), preflights: [], notes: [], closers: [], limits: [], pacers: [] };
}

/** Closes all parts, the last built first; one that fails does not keep the others open. */
export async function closeAll({ closers }: BuildContext): Promise<void> {
  const ended = await Promise.allSettled(
    closers
      .splice(0)
      .reverse()
      .map((close) => close()),
  );
  for (const end of ended) if (end.status === "rejected") throw end.reason;
}

/** A value of the configuration as the file writes it: `${VAR}` unreplaced, names of files relative. */
export function writtenValue({ publicConfig }: Pick<System, "publicConfig">, pointer: string): string | undefined {
  let value: unknown = publicConfig;
  for (const key of pointerKeys(pointer)) value = (value as Record<string, unknown> | undefined)?.[key];
  return typeof value === "string" ? value : undefined;
}
