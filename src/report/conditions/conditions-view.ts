import { formatP } from "../cells/cell-view.ts";
import { intervalBar } from "../cells/interval-bar.ts";
import { metricAnchor, metricHead } from "../metric-head.ts";
import { formatCount, formatValue } from "../text/format-number.ts";
import type { FailureAttribution } from "./attribute-failures.ts";
import { aboutAttribution } from "./attribution-text.ts";
import type { ContextEffect } from "./context-effect.ts";
import type { FailureClass } from "./failure-classes.ts";
import type { SameAnswers } from "./same-answers.ts";
import { sameAnswersLines } from "./same-answers-text.ts";

const SHARE = [0, 1] as const;

/** Gain, loss and attribution as the page of a run shows them. @returns undefined where there is nothing to show */
export function conditionsView(
  effects: readonly ContextEffect[],
  attributions: readonly FailureAttribution[],
  same: readonly SameAnswers[],
) {
  if (effects.length === 0 && attributions.length === 0 && same.length === 0) return undefined;
  return {
    effects: effects.map(({ kind, condition, metric, difference, p, pHolm, up, down, bounds }) => ({
      what: kind === "gain" ? `${condition} − closed-book` : `oracle − ${condition}`,
      metric,
      anchor: metricAnchor(metricHead(metric)),
      ...estimateView(difference, bounds),
      p: formatP(p),
      pHolm: formatP(pHolm),
      n: formatCount(difference.n),
      up: formatCount(up),
      down: formatCount(down),
    })),
    same: sameAnswersLines(same),
    attributions: attributions.map((attribution) => ({
      condition: attribution.condition,
      about: aboutAttribution(attribution),
      tables: [
        { title: "What became of the answers", classes: attribution.outcomes.map(classView(attribution.condition)) },
        ...(attribution.compared.length > 0
          ? [
              {
                title: "Against the other contexts",
                classes: attribution.compared.map(classView(attribution.condition)),
              },
            ]
          : []),
      ],
    })),
  };
}

/** The lists of questions that the page's links lead to. */
export function attributionLists(attributions: readonly FailureAttribution[]) {
  return attributions.flatMap(({ condition, outcomes, compared }) =>
    [...outcomes, ...compared].map(({ id, title, questions }) => ({
      id: linkId(condition, id),
      title: `${condition}: ${title}`,
      questions,
    })),
  );
}

function classView(condition: string) {
  return ({ id, title, hint, questions, share }: FailureClass) => ({
    title,
    hint,
    count: formatCount(questions.length),
    href: questions.length > 0 && `#in=${linkId(condition, id)}`,
    ...estimateView(share, SHARE),
  });
}

/** @param condition `rag@3`, whose sign would have to be escaped in an address */
function linkId(condition: string, id: string): string {
  return `${condition.replace("@", "-")}-${id}`;
}

function estimateView(estimate: ContextEffect["difference"], range?: readonly [number, number]) {
  if (estimate.state === "not-estimable") return { reason: `not estimable: ${estimate.reason}` };
  const { mean, low, high } = estimate;
  return {
    number: formatValue(mean, range),
    interval: `[${formatValue(low, range)}, ${formatValue(high, range)}]`,
    ...(range && { bar: intervalBar(estimate, range) }),
  };
}
