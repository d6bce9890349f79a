import type { SystemDeps } from "../../system/index.ts";
import type { Deps } from "../deps.ts";

/** What every system is built with, whatever its corpus: the outside world, and the folder that indexes are kept in. */
export function systemWorld(cacheDir: string, { env, signal, clock, random, endpoints }: Deps) {
  return { cacheDir, env, signal, clock, random, endpoints } satisfies Partial<SystemDeps>;
}
