import type { Problem } from "../../core/problem.ts";

/** A row of a table with its place, or what is wrong with it. Cells that hold nothing are left out. */
export type TableRow =
  | { readonly where: string; readonly cells: ReadonlyMap<string, unknown>; readonly problems?: undefined }
  | { readonly problems: readonly Problem[] };
