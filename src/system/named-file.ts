import { dirname, resolve } from "node:path";
import type { System } from "../config/resolved.ts";

/** The folder in which a system file stands. */
export function folderOf({ folder, file }: Pick<System, "file" | "folder">): string {
  return resolve(folder ?? dirname(file));
}

/** The path of a file that a system file names, relative to itself. */
export function besideSystem(system: Pick<System, "file" | "folder">, file: string): string {
  return resolve(folderOf(system), file);
}

/** Where a value of the configuration came from, for messages. @param pointer such as `/generator/base_url` */
export function placeOf(system: Pick<System, "file" | "origins">, pointer: string): string {
  const origin = system.origins.get(pointer);
  return `${origin?.startsWith(system.file) ? origin : system.file} ${pointer}`;
}
