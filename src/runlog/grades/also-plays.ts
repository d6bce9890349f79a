import type { JudgedColumn } from "./grade-columns.ts";

/** The other parts that the model of a column's judge plays: `gave the answers of raft-8b`, `wrote the references`. */
export function alsoPlays(
  columns: readonly { readonly judge: Pick<JudgedColumn["judge"], "selfPreference"> }[],
): string[] {
  const parts = columns.flatMap(({ judge }) => judge.selfPreference ?? []);
  const said = parts.map(({ role, of }) =>
    role === "contestant" ? `gave the answers of ${of}` : "wrote the references",
  );
  return [...new Set(said)];
}
