import {
  type AnswerLabels,
  type AnswerLine,
  GradesByQuestion,
  labelsByQuestion,
  type QuestionGrades,
  type Run,
} from "../../runlog/index.ts";
import { cut } from "../text/cut-text.ts";

/** What judges and people said of one answer, as a page shows it. */
export interface AnswerJudgements {
  readonly grades?: readonly GradeView[];
  readonly labels?: AnswerLabels["given"];
}

type GradeView = ReturnType<typeof gradeView>;

/** What judges and people said of the answers to one question. */
export interface JudgedQuestion {
  readonly grades: readonly QuestionGrades[];
  readonly labels: readonly AnswerLabels[];
}

/** The grades and labels of a finished run, by question. */
export class Judgements {
  readonly #grades: GradesByQuestion;
  readonly #labels: ReadonlyMap<string, readonly AnswerLabels[]>;

  private constructor(grades: GradesByQuestion, labels: ReadonlyMap<string, readonly AnswerLabels[]>) {
    this.#grades = grades;
    this.#labels = labels;
  }

  /** @throws DataError when a file of labels is damaged */
  static async open({ dir, end }: Run): Promise<Judgements> {
    const log = end?.sha256 ?? "";
    return new Judgements(await GradesByQuestion.open(dir, log), await labelsByQuestion(dir, log));
  }

  async of(query: string): Promise<JudgedQuestion> {
    return { grades: await this.#grades.of(query), labels: this.#labels.get(query) ?? [] };
  }

  close(): Promise<void> {
    return this.#grades.close();
  }
}

/** What was said of one of the answers. */
export function judgementsOf(
  { grades, labels }: JudgedQuestion,
  { condition, trial }: Pick<AnswerLine, "condition" | "trial">,
): AnswerJudgements {
  const own = (of: { condition: string; trial: number }) => of.condition === condition && of.trial === trial;
  const given = grades.flatMap(({ head, lines }) => lines.filter(own).map((line) => gradeView(head, line)));
  const said = labels.filter(own).flatMap((label) => label.given);
  return { ...(given.length > 0 && { grades: given }), ...(said.length > 0 && { labels: said }) };
}

/** Scores as triples of criterion, value and the step's name where it says more than the number. What the judge is called and how far it was measured is said once for the run. */
function gradeView({ judge, criteria, repeats }: QuestionGrades["head"], line: QuestionGrades["lines"][number]) {
  const common = { judge: judge.id, ...(repeats > 1 && { repeat: line.repeat }) };
  if (line.kind === "judge-failure") return { ...common, code: line.code, message: cut(line.message) };
  const scores = criteria.flatMap(({ id, steps }) => {
    const value = line.scores[id];
    if (value === undefined) return [];
    const name = steps.find((step) => step.value === value)?.name;
    return [name === undefined || name === String(value) ? [id, value] : [id, value, name]];
  });
  return { ...common, scores, reason: cut(line.reason) };
}
