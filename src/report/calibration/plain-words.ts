import type { AgreementFigure, Figure } from "../../runlog/index.ts";
import { formatValue } from "../text/format-number.ts";

type Words = (value: number, figure: Estimated) => string;
interface Estimated {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

const beyondChance: Words = (value) =>
  value <= 0
    ? "No more agreement than grading at random would give."
    : `Of the agreement that grading at random would miss, ${percent(value)} is there.`;
const disagreement: Words = (value) =>
  value <= 0
    ? "As much disagreement as grading at random would give, or more."
    : `Of the disagreement that grading at random would give, ${percent(1 - value)} is left.`;
const order: Words = (value) =>
  value <= 0
    ? "Answers that people grade higher do not get higher grades."
    : value > 0.999
      ? "Answers are put in the order that people put them in."
      : "Answers that people grade higher tend to get higher grades: at 1 always, at 0 not at all.";

const WORDS: Readonly<Record<AgreementFigure, Words>> = {
  exact: (value) => `Of 100 answers ${inHundred(value)} get the grade that people gave.`,
  within_one: (value) => `Of 100 answers ${inHundred(value)} get that grade or the one beside it.`,
  kappa: beyondChance,
  linear_kappa: beyondChance,
  quadratic_kappa: beyondChance,
  alpha_nominal: disagreement,
  alpha: disagreement,
  ac1: beyondChance,
  ac2: beyondChance,
  spearman: order,
  kendall: order,
  mae: (value) => `A grade is ${points(value)} off on average.`,
  bias: (value, { low, high }) => {
    if (low === undefined || high === undefined)
      return `The mean grade differs by ${points(value)} from that of people.`;
    if (low <= 0 && high >= 0) return "Neither generous nor strict as far as these labels can tell.";
    return `${points(Math.abs(value))} ${value > 0 ? "more than people give: generous" : "less than people give: strict"}.`;
  },
};

/** What a figure of agreement says, in a sentence for a reader who knows no statistics. */
export function plainWords(name: string, figure: Figure | undefined): string {
  if (figure === undefined) return "";
  if (!("value" in figure)) return `Not estimable: ${figure.reason}.`;
  const words = Object.hasOwn(WORDS, name) ? WORDS[name as AgreementFigure] : undefined;
  return words === undefined ? "" : words(figure.value, figure);
}

function percent(value: number): string {
  return `${Math.round(100 * value)}\u00a0%`;
}

function inHundred(share: number): string {
  return String(Math.round(100 * share));
}

function points(value: number): string {
  return `${formatValue(value, [-1, 1])} points`;
}
