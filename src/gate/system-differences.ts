import type { Manifest } from "../runlog/index.ts";
import { differingFields, type FieldDifference } from "./differing-fields.ts";

/** What a configuration is called is no difference. */
const NAMES: ReadonlySet<string> = new Set(["/title", "/description"]);

/** In what the configurations of two runs' systems differ. */
export function systemDifferences({ system: a }: Manifest, { system: b }: Manifest): FieldDifference[] {
  return differingFields(a.config, b.config).filter(({ field }) => !NAMES.has(field));
}
