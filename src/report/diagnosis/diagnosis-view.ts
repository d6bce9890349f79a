import type { Estimate } from "../../core/estimate.ts";
import { forestView } from "../cells/forest-view.ts";
import { intervalBar } from "../cells/interval-bar.ts";
import { formatCount, formatValue } from "../text/format-number.ts";
import type { Diagnosis, QuestionClass } from "./diagnosis.ts";
import { tieLines } from "./diagnosis-text.ts";

const RANGE = [0, 1] as const;

/** The diagnosis as the page of a run shows it; each class leads to its questions. */
export function diagnosisView(diagnosis: Diagnosis) {
  const { n, withoutGold, depth, ranks, causes, textsMissing, overlap } = diagnosis;
  return {
    n: formatCount(n),
    withoutGold: withoutGold > 0 && formatCount(withoutGold),
    depth: formatCount(depth),
    tables: [
      { title: "Where the first gold passage stands", classes: ranks.map(classView) },
      { title: "What else happened", classes: causes.map(classView) },
    ],
    textsMissing: textsMissing > 0 && formatCount(textsMissing),
    ties: tieLines(diagnosis),
    overlap: overlapView(overlap),
  };
}

function classView({ id, title, hint, questions, share }: QuestionClass) {
  return {
    title,
    hint,
    count: formatCount(questions.length),
    // Words of this program, never of a dataset, so that they can stand in an address.
    href: questions.length > 0 && `#in=${id}`,
    ...shareView(share),
  };
}

function shareView(share: Estimate) {
  if (share.state === "not-estimable") return { reason: `not estimable: ${share.reason}` };
  const { mean, low, high } = share;
  return {
    number: formatValue(mean, RANGE),
    interval: `[${formatValue(low, RANGE)}, ${formatValue(high, RANGE)}]`,
    bar: intervalBar(share, RANGE),
  };
}

/** The picture of success by overlap. @returns undefined where there is nothing to compare */
function overlapView({ k, groups, unknown }: Diagnosis["overlap"]) {
  const drawn = groups.flatMap((group) =>
    group.success.state === "estimated" ? [{ ...group, success: group.success }] : [],
  );
  if (drawn.length < 2) return undefined;
  const rows = drawn.map(({ from, to, success }) => ({
    who: `${Math.round(100 * from)} to ${Math.round(100 * to)} %, ${formatCount(success.n)} questions`,
    estimate: success,
    kind: "unranked" as const,
  }));
  const head = {
    name: `Gold in the first ${k}`,
    unit: "share of questions, by how many of their words the gold has",
    range: RANGE,
  };
  return { ...forestView(head, [{ rows }], { alone: true }), unknown: unknown > 0 && formatCount(unknown) };
}
