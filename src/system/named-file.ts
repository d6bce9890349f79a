import { dirname, resolve } from "node:path";
import type { System } from "../config/resolved.ts";

/** The path of a file that a system file names, relative to itself. */
export function besideSystem(system: Pick<System, "file">, file: string): string {
  return resolve(dirname(system.file), file);
}

/** Where a value of the generator's configuration came from, for messages. */
export function generatorPlace(system: Pick<System, "file" | "origins">, key: string): string {
  const pointer = `/generator/${key}`;
  const origin = system.origins.get(pointer);
  return `${origin?.startsWith(system.file) ? origin : system.file} ${pointer}`;
}
