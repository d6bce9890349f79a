import type { Problem } from "../core/problem.ts";
import { hashValue } from "../lib/hash.ts";
import { quoteValue } from "../lib/text.ts";
import type { CriterionConfig } from "./judge-schema.ts";
import type { Locate } from "./validate.ts";

/** One score of a scale. */
export interface ScaleStep {
  /** How a judge writes it: `3`, `YES`. */
  readonly name: string;
  /** The number it counts as. */
  readonly value: number;
  /** What it stands for, in words. */
  readonly anchor: string;
}

export interface Criterion {
  readonly id: string;
  /** What is to be decided. */
  readonly question: string;
  /** At least two, by value, ascending. */
  readonly steps: readonly ScaleStep[];
  /** Its share of the composite, in (0, 1]; of all criteria or of none. */
  readonly weight?: number;
}

/** What is graded and on which scales. Grades and labels of different rubrics never mix. */
export interface Rubric {
  readonly criteria: readonly Criterion[];
  /** Of criteria, scales, anchors and weights. */
  readonly sha256: string;
}

/** The rubric of every pairwise judge: 1 when the first of the two answers is better, 0 when the second is, .5 when neither. */
export function pairwiseRubric(question: string): Rubric {
  const steps = [
    { name: "B", value: 0, anchor: "the second answer is better" },
    { name: "tie", value: 0.5, anchor: "neither is better" },
    { name: "A", value: 1, anchor: "the first answer is better" },
  ];
  return withHash([{ id: "preference", question, steps }]);
}

/**
 * Reads a rubric as a judge's file has it. What does not fit together becomes problems: scores that are neither whole numbers nor
 * given a number, two scores of one value, a criterion twice, weights that do not sum to 100.
 */
export function readRubric(criteria: readonly CriterionConfig[], locate: Locate, problems: Problem[]): Rubric {
  const report = (pointer: string, expected: string, got: string, fix: string): void => {
    problems.push({ code: "E_JUDGE", where: locate(pointer), expected, got, fix });
  };
  const seen = new Set<string>();
  const read = criteria.map(({ id, question, scale, values, weight }, at): Criterion => {
    const pointer = `/criteria/${at}`;
    if (seen.has(id))
      report(`${pointer}/id`, "each criterion once", `${quoteValue(id)} again`, "give it a name of its own");
    seen.add(id);
    const given = new Map(Object.entries(values ?? {}));
    const steps: ScaleStep[] = [];
    for (const [name, anchor] of Object.entries(scale)) {
      const value = given.get(name) ?? (/^-?\d{1,9}$/.test(name) ? Number(name) : undefined);
      given.delete(name);
      if (value === undefined) {
        const fix = `write whole numbers as scores, or add \`values: { ${quoteValue(name)}: 1 }\``;
        report(`${pointer}/scale`, "a score with a number", quoteValue(name), fix);
      } else if (steps.some((step) => step.value === value)) {
        report(
          `${pointer}/scale`,
          "scores of different value",
          `${quoteValue(name)} counts ${value} like another`,
          "correct one",
        );
      } else steps.push({ name, value, anchor });
    }
    for (const name of given.keys()) {
      report(`${pointer}/values`, "only scores of the scale", quoteValue(name), "add it to `scale` or remove it here");
    }
    steps.sort((a, b) => a.value - b.value);
    return { id, question, steps, ...(weight !== undefined && { weight: weight / 100 }) };
  });
  const weights = read.flatMap(({ weight }) => weight ?? []);
  const sum = weights.reduce((a, b) => a + b, 0);
  if (weights.length > 0 && weights.length < read.length) {
    const missing = read.filter(({ weight }) => weight === undefined).map(({ id }) => id);
    report("/criteria", "weights of all criteria or of none", `none of ${missing.join(", ")}`, "add the missing ones");
  } else if (weights.length > 0 && Math.abs(sum - 1) > 1e-9) {
    const percent = Math.round(sum * 1e6) / 1e4;
    report("/criteria", "weights that sum to 100", `a sum of ${percent}`, "correct the weights");
  }
  return withHash(read);
}

function withHash(criteria: readonly Criterion[]): Rubric {
  return { criteria, sha256: hashValue(criteria) };
}
