import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Real public sets and other tools' numbers live beside the checkout, in `../shared`, and are not part of it. Tests that
 * read them use `describe.skipIf(!hasShared)` so that their absence is shown as skipped.
 */
export const SHARED = fileURLToPath(new URL("../../../../shared", import.meta.url));
export const hasShared = existsSync(`${SHARED}/data`);

/** Path of a file under `../shared`. */
export function shared(path: string): string {
  return `${SHARED}/${path}`;
}
