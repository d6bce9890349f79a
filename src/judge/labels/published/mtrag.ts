import { readFile } from "node:fs/promises";
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { validate } from "../../../config/validate.ts";
import { DataError } from "../../../core/errors.ts";
import type { Problem } from "../../../core/problem.ts";
import { quoteValue } from "../../../lib/text.ts";
import type { CriterionGrades, GradedItem, GradedSet } from "../graded-set.ts";
import { throwProblems, unreadable } from "../text-lines.ts";

const SCALE = [1, 2, 3, 4];
/** What people graded, 1 to 4. */
export const MTRAG_CRITERIA = ["naturalness", "appropriateness", "completeness", "faithfulness"] as const;
/** Scores in [0, 1] of whole answers, beside every criterion: two language models, and measures made without one. */
export const MTRAG_JUDGES = ["rb_llm", "rl_f", "rb_agg", "RougeL", "Bert-Rec", "Bert-KPrec"] as const;

const Values = <T extends TSchema>(value: T) => Type.Record(Type.String(), Type.Object({ value }));
const Graded = Values(Type.Union([Type.String(), Type.Number()]));
const Scored = Values(Type.Union([Type.Number(), Type.Null()]));
const SetSchema = Type.Object({
  evaluations: Type.Array(
    Type.Object({
      task_id: Type.String(),
      model_id: Type.String(),
      model_response: Type.String(),
      annotations: Type.Object({
        naturalness: Graded,
        appropriateness: Graded,
        completeness: Graded,
        faithfulness: Graded,
        rb_llm: Scored,
        rl_f: Scored,
        rb_agg: Scored,
        RougeL: Scored,
        "Bert-Rec": Scored,
        "Bert-KPrec": Scored,
      }),
    }),
    { minItems: 1 },
  ),
});
type Evaluation = Static<typeof SetSchema>["evaluations"][number];

/**
 * Reads MT-RAG's answers with human evaluation (`reference_subset_with_human_evaluations.json`): each graded 1 to 4 on four
 * criteria by two or three of many people, with the scores of judges and measures. An item is a task and a system; tasks
 * of one conversation share a question.
 *
 * Raters differ from answer to answer, so that their columns are mostly empty: `raterSlots` lays them side by side.
 * Judges' scores are on [0, 1], not on people's scale: only rank correlations compare them with people.
 *
 * @throws DataError with every problem of the file
 */
export async function readMtragHumanEval(path: string): Promise<GradedSet> {
  const evaluations = await readSet(path);
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  const items = evaluations.map(({ task_id, model_id, model_response }, at): GradedItem => {
    const id = `${task_id} ${model_id}`;
    if (seen.has(id)) {
      const expected = "each task and system once";
      const got = `${quoteValue(id)} again, as /evaluations/${seen.get(id)}`;
      const where = `${path} /evaluations/${at}`;
      problems.push({ code: "E_LABEL_TWICE", where, expected, got, fix: "keep one of them" });
    }
    seen.set(id, at);
    return { id, query: conversationOf(task_id), systems: [model_id], answer: model_response };
  });
  const judges = new Map(MTRAG_JUDGES.map((judge) => [judge as string, evaluations.map((one) => scoreOf(one, judge))]));
  const criteria = new Map<string, CriterionGrades>();
  for (const criterion of MTRAG_CRITERIA) {
    const people = new Map<string, (number | undefined)[]>();
    evaluations.forEach(({ annotations }, at) => {
      for (const [rater, { value }] of Object.entries(annotations[criterion])) {
        const grade = Number(value);
        if (!SCALE.includes(grade)) {
          const where = `${path} /evaluations/${at}/annotations/${criterion}/${rater}`;
          const got = quoteValue(value);
          problems.push({ code: "E_LABEL_SCORE", where, expected: "a grade of 1, 2, 3 or 4", got, fix: "correct it" });
        }
        const column = people.get(rater) ?? new Array<undefined>(evaluations.length).fill(undefined);
        people.set(rater, column);
        column[at] = grade;
      }
    });
    criteria.set(criterion, { scale: SCALE, people, judges });
  }
  throwProblems(problems);
  return { items, criteria, notes: [] };
}

async function readSet(path: string): Promise<readonly Evaluation[]> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw unreadable(path, error);
    const fix = "copy the file again: it is cut off or no JSON";
    throw new DataError([{ code: "E_LABEL_LINE", where: path, expected: "JSON", got: error.message, fix }]);
  }
  const checked = validate(SetSchema, value, "E_LABEL_ROW", (pointer) => `${path} ${pointer}`);
  if (!checked.ok) throw new DataError(checked.problems);
  return checked.value.evaluations;
}

function scoreOf({ annotations }: Evaluation, judge: (typeof MTRAG_JUDGES)[number]): number | undefined {
  return Object.values(annotations[judge])[0]?.value ?? undefined;
}

/** `f0d2…<::>3` is the third turn of conversation `f0d2…`. */
function conversationOf(task: string): string {
  return task.split("<::>")[0]!;
}
