import { JUDGE_SIGHTS, type JudgeSight } from "../../config/judge-schema.ts";
import type { ModelJudge } from "../../config/load-judge.ts";
import { compileTemplate, showsValue, type TemplateLanguage } from "../../config/template.ts";
import type { ChatMessage, GradeRequest } from "../../core/contracts.ts";
import { DataError } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import type { Problem } from "../../core/problem.ts";
import { replyFormat } from "./reply-format.ts";

/** An answer → the messages that ask for its grade. */
export type JudgePrompt = (request: GradeRequest) => readonly ChatMessage[];

const LANGUAGE: TemplateLanguage = {
  names: [
    ...JUDGE_SIGHTS,
    ...["role", "content", "number", "title", "text", "answer", "answer_a", "answer_b", "reply_format"],
    ...["criteria", "id", "steps", "score", "meaning", "examples", "reason", "verdict"],
  ],
  about:
    "question, history (role, content), references, passages and gold_passages (number, title, text), answer (or answer_a and " +
    "answer_b), criteria (id, question, steps with score and meaning), examples (question, references, passages, answer, " +
    "verdict) and reply_format",
};

type Guard = (value: string) => string;

/**
 * Compiles a judge's prompt. Whatever comes from questions, answers and passages can neither open nor close a tag of the template.
 * @throws DataError when the template is wrong, shows what the judge does not see, or does not show what it does
 */
export function compileJudgePrompt(judge: ModelJudge): JudgePrompt {
  const { prompt, config, kind } = judge;
  const seen = new Set<JudgeSight>(config.sees);
  const values = (request: GradeRequest, guard: Guard): object => {
    const { query, answer, other = "" } = request;
    const pair = kind === "pairwise" ? { answer_a: guard(answer), answer_b: guard(other) } : { answer: guard(answer) };
    return { ...pair, ...sightsOf(request, guard), question: guard(query.text), ...instrumentOf(judge) };
  };
  const plain: Guard = (value) => value;
  const { render, guard } = compileTemplate(
    prompt.text,
    prompt.file,
    LANGUAGE,
    PROBES.map((probe) => values(probe, plain)),
  );
  const problems = [
    ...shownAndSeen(prompt, seen),
    ...missing(prompt, kind === "pairwise" ? ["answer_a", "answer_b"] : ["answer"]),
  ];
  if (problems.length > 0) throw new DataError(problems);
  return (request) => [
    ...(config.system_prompt === undefined ? [] : [{ role: "system" as const, content: config.system_prompt }]),
    { role: "user", content: render(values(request, guard)) },
  ];
}

/** What belongs to the judge itself and is the same for every answer. */
function instrumentOf({ rubric, examples }: ModelJudge): object {
  return {
    criteria: rubric.criteria.map(({ id, question, steps }) => ({
      id,
      question,
      steps: steps.map(({ name, anchor }) => ({ score: name, meaning: anchor })),
    })),
    examples: examples.map(({ question, references, passages, answer, reason, scores }) => ({
      question,
      references,
      passages: passages.map((text, at) => ({ number: at + 1, title: "", text })),
      answer,
      verdict: JSON.stringify({
        reason,
        ...Object.fromEntries(rubric.criteria.map(({ id }) => [id, numeric(scores.get(id)!)])),
      }),
    })),
    reply_format: replyFormat(rubric),
  };
}

function sightsOf({ query, passages, goldPassages }: GradeRequest, guard: Guard): object {
  const shown = (some: readonly Passage[]) =>
    some.map(({ title = "", text }, at) => ({ number: at + 1, title: guard(title), text: guard(text) }));
  return {
    history: (query.history ?? []).map(({ role, content }) => ({ role, content: guard(content) })),
    references: (query.answers ?? []).map(guard),
    passages: shown(passages),
    gold_passages: shown(goldPassages),
  };
}

/** `3` for "3", so that examples look like the verdicts that are asked for. */
function numeric(score: string): string | number {
  return /^-?\d+$/.test(score) ? Number(score) : score;
}

function shownAndSeen({ text, file }: ModelJudge["prompt"], seen: ReadonlySet<JudgeSight>): Problem[] {
  return JUDGE_SIGHTS.flatMap((sight): Problem[] => {
    const shown = showsValue(text, sight);
    if (shown === seen.has(sight)) return [];
    const expected = shown ? `"sees" of the judge to name ${sight}` : `{{${sight}}}, which the judge sees`;
    const got = shown ? "a prompt that shows it" : "a prompt without it";
    return [{ code: "E_PROMPT", where: file, expected, got, fix: `make "sees" and the prompt agree` }];
  });
}

function missing({ text, file }: ModelJudge["prompt"], names: readonly string[]): Problem[] {
  return [...names, "reply_format"].flatMap((name): Problem[] => {
    if (showsValue(text, name)) return [];
    const fix = `put {{${name}}} where it belongs`;
    return [{ code: "E_PROMPT", where: file, expected: `{{${name}}}`, got: "a prompt without it", fix }];
  });
}

const PASSAGE: Passage = { id: "p", document: "d", text: "text", title: "title" };
const PROBES: readonly GradeRequest[] = [
  { query: { id: "q", text: "question" }, passages: [], goldPassages: [], answer: "answer", repeat: 0 },
  {
    query: { id: "q", text: "question", answers: ["reference"], history: [{ role: "user", content: "before" }] },
    passages: [PASSAGE],
    goldPassages: [PASSAGE],
    answer: "answer",
    other: "other",
    repeat: 0,
  },
];
