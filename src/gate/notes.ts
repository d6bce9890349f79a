import { alsoPlays, type Manifest, type Scores } from "../runlog/index.ts";

/** A sentence where the questions of two runs were not asked equally often. */
export function trialsNote({ trials: before }: Manifest, { trials: after }: Manifest): string[] {
  if (before === after) return [];
  return [`each question was asked ${times(before)} in the baseline, ${times(after)} in the candidate`];
}

function times(trials: number): string {
  return trials === 1 ? "once" : `${trials} times`;
}

/** A sentence for every gated column whose judge has a model that plays another part too. */
export function ownModelNotes(
  baseline: Scores,
  candidate: Scores,
  checks: readonly { readonly metric: string }[],
): string[] {
  return [...new Set(checks.map(({ metric }) => metric))].flatMap((metric) => {
    const parts = alsoPlays([baseline, candidate].flatMap(({ judged }) => judged.get(metric) ?? []));
    if (parts.length === 0) return [];
    return [`${metric}: the judge's model also ${parts.join(" and ")}, and models tend to prefer their own`];
  });
}

/** A sentence for every difference whose two means are not over the same questions. */
export function unpairedNotes(
  compared: readonly { readonly metric: string; readonly condition: string; readonly unpaired: number }[],
): string[] {
  return compared
    .filter(({ unpaired }) => unpaired > 0)
    .map(({ metric, condition, unpaired }) => {
      const only = `${unpaired} ${unpaired === 1 ? "question has" : "questions have"} a value in one run only`;
      return `${metric} ${condition}: ${only}, so the means are compared, each over its own questions`;
    });
}
