import { join } from "node:path";
import { replaceFile } from "../../lib/atomic.ts";
import { truncate } from "../../lib/text.ts";
import {
  type AnswerLabels,
  type AnswerLine,
  type AskedQuestion,
  type Grading,
  type GradingHead,
  type JudgedPart,
  judgedParts,
  newestGradings,
  type QuestionGrades,
  type QuestionRecord,
  type Run,
} from "../../runlog/index.ts";
import { dataScript } from "../pages/data-script.ts";
import { Pieces } from "../pages/pieces.ts";
import type { JudgedQuestion } from "../questions/judgements.ts";
import { type Cut, cut } from "../text/cut-text.ts";
import { GradeRows } from "./grade-rows.ts";

/** Questions of one data file: of the list a page loads all, of what stands behind it those it shows. */
const PER = { list: 500, questions: 50 } as const;
/** More of a reply than this is cut: it is kept cut in the grade file, too. */
const MOST_SAID = 8000;
const SHOWN_QUESTION = 160;

/** What a judge said of a run, counted while its pages' data was written. */
export interface WrittenGrades {
  readonly head: GradingHead;
  readonly parts: readonly JudgedPart[];
  /** The number in the names of its data files. */
  readonly number: number;
  /** Answers that the judge was to grade: with a grade, without a verdict, not judged yet. */
  readonly graded: number;
  readonly failed: number;
  readonly open: number;
  /** Answers left to the refusals, which this judge does not grade. */
  readonly apart: number;
  /** Answers with a label. */
  readonly labelled: number;
}

/**
 * Writes what every judge said of a complete run's answers in pieces: `j0.js` (what the page of the first judge is about), `j0l0000.js`
 * (its list) and `j0q0000.js` (verdicts with their reasons, people's labels, answers and questions, in the dataset's order).
 */
export class GradeData {
  readonly #judges: readonly JudgeData[];

  private constructor(judges: readonly JudgeData[]) {
    this.#judges = judges;
  }

  /** @param out the folder of the pieces; needed where the run has grades */
  static async begin({ dir, manifest, end }: Run, out: string): Promise<GradeData> {
    const { conditions, trials } = manifest;
    const gradings = end === undefined ? [] : await newestGradings(dir, end.sha256);
    return new GradeData(gradings.map((one, number) => new JudgeData(one, { number, conditions, trials, out })));
  }

  async add({ question, results }: AskedQuestion, { grades, labels }: JudgedQuestion): Promise<void> {
    const answers = results.filter((line) => line.kind === "answer");
    const said = new Map(grades.map(({ head, lines }) => [head.judge.id, lines]));
    for (const judge of this.#judges) await judge.add(question, answers, said.get(judge.id) ?? [], labels);
  }

  async finish(): Promise<WrittenGrades[]> {
    const written: WrittenGrades[] = [];
    for (const judge of this.#judges) written.push(await judge.finish());
    return written;
  }
}

interface Place {
  readonly number: number;
  readonly conditions: readonly string[];
  readonly trials: number;
  readonly out: string;
}

/** The data of one judge's page. */
class JudgeData {
  readonly #head: GradingHead;
  readonly #parts: readonly JudgedPart[];
  readonly #rows: GradeRows;
  readonly #place: Place;
  readonly #list: Pieces;
  readonly #details: Pieces;
  #questions = 0;
  readonly #counts = { graded: 0, failed: 0, open: 0, apart: 0, labelled: 0 };

  constructor({ head }: Grading, place: Place) {
    this.#head = head;
    this.#parts = judgedParts(head);
    this.#rows = new GradeRows(head, this.#parts);
    this.#place = place;
    this.#list = new Pieces(place.out, `j${place.number}l`, PER.list);
    this.#details = new Pieces(place.out, `j${place.number}q`, PER.questions);
  }

  get id(): string {
    return this.#head.judge.id;
  }

  /** @param labels of any rubric */
  async add(
    question: QuestionRecord,
    answers: readonly AnswerLine[],
    lines: QuestionGrades["lines"],
    labels: readonly AnswerLabels[],
  ): Promise<void> {
    const { conditions } = this.#place;
    const { rubric } = this.#head.judge;
    const rows: unknown[] = [];
    const details: unknown[] = [];
    for (const { condition, trial, text, refused } of answers) {
      const own = lines
        .filter((line) => line.condition === condition && line.trial === trial)
        .sort((a, b) => a.repeat - b.repeat);
      if (own.length === 0 && refused && this.#head.refusals === "apart") {
        this.#counts.apart += 1;
        continue;
      }
      const given = labels.find(
        (label) => label.rubric === rubric && label.condition === condition && label.trial === trial,
      )?.given;
      const row = this.#rows.row(conditions.indexOf(condition), trial, own, given);
      this.#count(row[2], given !== undefined);
      rows.push(row);
      const { verdicts, people } = this.#rows.detail(own, given);
      details.push({ answer: cut(text), refused: refused === true, verdicts: verdicts.map(shortened), people });
    }
    this.#questions += 1;
    await this.#list.add([question.id, truncate(question.text, SHOWN_QUESTION), rows]);
    await this.#details.add({
      text: cut(question.text),
      answers: question.answers?.map((text) => cut(text)) ?? [],
      details,
    });
  }

  #count(state: string, labelled: boolean): void {
    this.#counts[state === "-" ? "open" : state === "x" ? "failed" : "graded"] += 1;
    if (labelled) this.#counts.labelled += 1;
  }

  /** Writes what the page needs first: it is there once all it leads to is. */
  async finish(): Promise<WrittenGrades> {
    await this.#list.finish();
    await this.#details.finish();
    const { number, conditions, trials, out } = this.#place;
    const about = {
      ...{ per: PER, conditions, trials, questions: this.#questions, repeats: this.#head.repeats, ...this.#counts },
      criteria: this.#head.criteria.map(({ id, question, steps }) => ({ id, question, steps })),
      columns: this.#parts.map(({ column: { criterion, question, values, range } }) => ({
        ...{ id: criterion, question, range, values: values ?? null },
      })),
    };
    await replaceFile(join(out, `j${number}.js`), dataScript(`j${number}`, about));
    return { head: this.#head, parts: this.#parts, number, ...this.#counts };
  }
}

/** A verdict with its texts cut. */
function shortened(verdict: ReturnType<GradeRows["detail"]>["verdicts"][number]) {
  const part = (text: string): Cut => cut(text, MOST_SAID);
  if ("reason" in verdict) return { ...verdict, reason: part(verdict.reason) };
  const { raw, ...failure } = verdict;
  return { ...failure, message: part(failure.message), ...(raw !== undefined && { raw: part(raw) }) };
}
