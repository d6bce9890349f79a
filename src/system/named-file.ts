import { dirname, resolve } from "node:path";
import type { System } from "../config/resolved.ts";

/** The folder in which a system file stands. */
export function folderOf(system: Pick<System, "file">): string {
  return resolve(dirname(system.file));
}

/** The path of a file that a system file names, relative to itself. */
export function besideSystem(system: Pick<System, "file">, file: string): string {
  return resolve(dirname(system.file), file);
}

/** Where a value of the configuration came from, for messages. @param pointer such as `/generator/base_url` */
export function placeOf(system: Pick<System, "file" | "origins">, pointer: string): string {
  const origin = system.origins.get(pointer);
  return `${origin?.startsWith(system.file) ? origin : system.file} ${pointer}`;
}
