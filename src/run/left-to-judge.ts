import { canonicalJson } from "../lib/hash.ts";
import type { RefusalVerdict } from "../metric/index.ts";
import type { AnswerLine, Outcomes } from "../runlog/index.ts";
import type { Plan } from "./plan-run.ts";

type Left = { readonly manifest: Pick<Plan["manifest"], "refusalJudge"> };

/** What an answer's line says of refusal: what was decided, or that a judge will. */
export function refusalOf(
  { manifest }: Left,
  { refused, rule }: RefusalVerdict,
): Pick<AnswerLine, "refused" | "refusedBy"> {
  const judge = judgeOf(manifest, rule);
  return judge === undefined ? { refused, refusedBy: rule } : { refusedBy: `judge: ${judge}` };
}

/**
 * The outcomes of an answer. What is left to a judge is scored both ways now, while passages and references are at hand: the
 * judge's word then chooses, whenever it comes and however often it changes.
 * @param score the outcomes of the answer as a refusal, or as none
 */
export function outcomesOf(
  { manifest }: Left,
  { refused, rule }: RefusalVerdict,
  score: (refused: boolean) => Outcomes,
): Pick<AnswerLine, "outcomes" | "ifRefused"> {
  const outcomes = score(refused);
  if (judgeOf(manifest, rule) === undefined) return { outcomes };
  const other = Object.entries(score(true));
  const differ = other.filter(([name, outcome]) => canonicalJson(outcome) !== canonicalJson(outcomes[name]));
  return { outcomes, ifRefused: Object.fromEntries(differ) };
}

/** The judge that an answer is left to: what the system said itself, and an answer without a word, need none. */
function judgeOf({ refusalJudge }: Left["manifest"], rule: string): string | undefined {
  return rule === "none" ? refusalJudge?.id : undefined;
}
