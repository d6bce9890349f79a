import type { Manifest } from "../runlog/index.ts";
import type { RunName } from "./verdict.ts";

export function nameOf({ run, system }: Manifest): RunName {
  return { run, system: system.id, ...(system.title !== undefined && { title: system.title }) };
}
