import { canonicalJson } from "../lib/hash.ts";

/** A leaf in which two JSON values differ; a value missing on one side is undefined. */
export interface FieldDifference {
  /** A JSON pointer such as `/retriever/k1`; `fields` where the values themselves are leaves. */
  readonly field: string;
  readonly baseline: unknown;
  readonly candidate: unknown;
}

/** The leaves in which two JSON values differ, in the order of their keys; a list is a leaf, since its order is part of what it says. */
export function differingFields(baseline: unknown, candidate: unknown, at = ""): FieldDifference[] {
  if (!isRecord(baseline) || !isRecord(candidate)) {
    const same = canonicalJson(baseline ?? null) === canonicalJson(candidate ?? null);
    return same ? [] : [{ field: at === "" ? "fields" : at, baseline, candidate }];
  }
  const [a, b] = [new Map(Object.entries(baseline)), new Map(Object.entries(candidate))];
  return Array.from(new Set([...a.keys(), ...b.keys()])).flatMap((key) =>
    differingFields(a.get(key), b.get(key), `${at}/${key}`),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
