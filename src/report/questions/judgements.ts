import { type AnswerLabels, GradesByQuestion, labelsByQuestion, type QuestionGrades } from "../../runlog/index.ts";
import { cut } from "../cut-text.ts";

/** What judges and people said of one answer, as a page shows it. */
export interface AnswerJudgements {
  readonly grades?: readonly GradeView[];
  readonly labels?: AnswerLabels["given"];
}

type GradeView = ReturnType<typeof gradeView>;

/** Gives what was said of the answers to a question, by condition and trial. */
export interface Judgements {
  of(query: string): Promise<(condition: string, trial: number) => AnswerJudgements>;
  close(): Promise<void>;
}

/** Opens the grades and labels of a finished run. @param log the hash in the log's end line */
export async function openJudgements(dir: string, log: string): Promise<Judgements> {
  const grades = await GradesByQuestion.open(dir, log);
  const labels = await labelsByQuestion(dir, log);
  return {
    async of(query) {
      const graded = await grades.of(query);
      const labelled = labels.get(query) ?? [];
      return (condition, trial) => {
        const own = (of: { condition: string; trial: number }) => of.condition === condition && of.trial === trial;
        const given = graded.flatMap(({ head, lines }) => lines.filter(own).map((line) => gradeView(head, line)));
        const said = labelled.filter(own).flatMap((label) => label.given);
        return { ...(given.length > 0 && { grades: given }), ...(said.length > 0 && { labels: said }) };
      };
    },
    close: () => grades.close(),
  };
}

/** Scores as triples of criterion, value and the step's name where it says more than the number. */
function gradeView({ judge, criteria, repeats }: QuestionGrades["head"], line: QuestionGrades["lines"][number]) {
  const common = { judge: judge.title ?? judge.id, ...(repeats > 1 && { repeat: line.repeat }) };
  if (line.kind === "judge-failure") return { ...common, code: line.code, message: cut(line.message) };
  const scores = criteria.flatMap(({ id, steps }) => {
    const value = line.scores[id];
    if (value === undefined) return [];
    const name = steps.find((step) => step.value === value)?.name;
    return [name === undefined || name === String(value) ? [id, value] : [id, value, name]];
  });
  return { ...common, scores, reason: cut(line.reason) };
}
