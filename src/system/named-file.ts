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

/** A file as messages show it: the name that the system file writes, not the path it stands for. */
export function shownFile(part: { readonly kind: string; readonly file?: string } | undefined, path: string): string {
  return part?.file ?? path;
}
