import type { Problem } from "../core/problem.ts";
import type { ModelJudgeConfig } from "./judge-schema.ts";
import type { Judge } from "./load-judge.ts";
import type { Rubric } from "./rubric.ts";
import type { Locate } from "./validate.ts";

/** Whether a judge grades passages by a question, and not answers. */
export function gradesPassages(judge: Judge): boolean {
  return judge.kind === "model" && (judge.config as ModelJudgeConfig).grades === "passages";
}

/** What keeps a judge from making qrels: these have one whole number a pair, and must not come from the judgements they add to. */
export function passageJudgeProblems({ grades, sees }: ModelJudgeConfig, rubric: Rubric, locate: Locate): Problem[] {
  if (grades !== "passages") return [];
  const problems: Problem[] = [];
  const report = (pointer: string, expected: string, got: string, fix: string): void => {
    problems.push({ code: "E_JUDGE", where: locate(pointer), expected, got, fix });
  };
  if (rubric.criteria.length !== 1) {
    const fix = "keep the criterion that says how relevant a passage is";
    report("/criteria", "one criterion of a judge of passages", `${rubric.criteria.length}`, fix);
  }
  const broken = rubric.criteria.flatMap(({ steps }) => steps.filter(({ value }) => !Number.isInteger(value)));
  if (broken.length > 0) {
    const got = broken.map(({ value }) => String(value)).join(", ");
    report("/criteria", "whole numbers as the grades of passages", got, "qrels hold whole numbers: give other values");
  }
  const shown = sees.filter((sight) => sight === "passages" || sight === "gold_passages");
  if (shown.length > 0) {
    const fix = "let it see question, history and references at most: each passage is graded by itself";
    report("/sees", "no passages besides the one that is graded", shown.join(", "), fix);
  }
  return problems;
}
