import { join } from "node:path";
import { replaceFile } from "../../lib/atomic.ts";
import { truncate } from "../../lib/text.ts";
import {
  type AnswerLine,
  GradesByQuestion,
  type Grading,
  type GradingHead,
  type JudgedPart,
  judgedParts,
  LinePlaces,
  labelLine,
  labelsFile,
  newestGradings,
  type QuestionRecord,
  readLabelsHead,
  readQuestions,
  readRun,
  Slots,
} from "../../runlog/index.ts";
import { type Cut, cut } from "../cut-text.ts";
import { dataScript } from "../data-script.ts";
import { Pieces } from "../pieces.ts";
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
 * (its list) and `j0q0000.js` (verdicts with their reasons, people's labels, answers and questions, in the dataset's order). Log,
 * questions and grades are read side by side; of the files only places are held.
 *
 * @param dir the run's folder @param out the folder of the pieces
 * @throws DataError when a file is damaged
 */
export async function writeGradeData(dir: string, log: string, out: string): Promise<WrittenGrades[]> {
  const gradings = await newestGradings(dir, log);
  if (gradings.length === 0) return [];
  const queries: string[] = [];
  for await (const { id } of readQuestions(dir)) queries.push(id);
  const lines = readRun(dir);
  const first = await lines.next();
  if (first.done || first.value.kind !== "manifest") return [];
  const slots = new Slots(queries, first.value);
  const grades = await GradesByQuestion.open(dir, log);
  const judges: JudgeData[] = [];
  try {
    for (const [number, grading] of gradings.entries())
      judges.push(await JudgeData.open(dir, grading, { number, log, slots, out }));
    let next = await lines.next();
    for await (const question of readQuestions(dir)) {
      const answers: AnswerLine[] = [];
      for (; !next.done && next.value.kind !== "end" && isOf(next.value, question.id); next = await lines.next())
        if (next.value.kind === "answer") answers.push(next.value);
      const said = new Map((await grades.of(question.id)).map(({ head, lines }) => [head.judge.id, lines]));
      for (const judge of judges) await judge.add(question, answers, said.get(judge.id) ?? []);
    }
    const written: WrittenGrades[] = [];
    for (const judge of judges) written.push(await judge.finish(first.value.conditions, first.value.trials));
    return written;
  } finally {
    await lines.return(undefined);
    await grades.close();
    for (const judge of judges) await judge.close();
  }
}

function isOf(line: { readonly kind: string; readonly query?: string }, query: string): boolean {
  return line.query === query;
}

type Lines = Awaited<ReturnType<GradesByQuestion["of"]>>[number]["lines"];

interface Place {
  readonly number: number;
  readonly log: string;
  readonly slots: Slots;
  readonly out: string;
}

/** The data of one judge's page. */
class JudgeData {
  readonly #head: GradingHead;
  readonly #parts: readonly JudgedPart[];
  readonly #rows: GradeRows;
  readonly #place: Place;
  readonly #labels: LinePlaces | undefined;
  readonly #labelsPath: string;
  readonly #list: Pieces;
  readonly #details: Pieces;
  readonly #counts = { graded: 0, failed: 0, open: 0, apart: 0, labelled: 0 };

  private constructor(head: GradingHead, place: Place, labels: LinePlaces | undefined, labelsPath: string) {
    this.#head = head;
    this.#parts = judgedParts(head);
    this.#rows = new GradeRows(head, this.#parts);
    this.#place = place;
    this.#labels = labels;
    this.#labelsPath = labelsPath;
    this.#list = new Pieces(place.out, `j${place.number}l`, PER.list);
    this.#details = new Pieces(place.out, `j${place.number}q`, PER.questions);
  }

  static async open(dir: string, { head }: Grading, place: Place): Promise<JudgeData> {
    const path = labelsFile(dir, head.judge.rubric);
    const { slots, log } = place;
    const kept = await readLabelsHead(dir, log, head.judge.rubric);
    const numberOf = (value: unknown): number | undefined => {
      const line = labelLine(value, path);
      return line && slots.slotOf(line.query, line.condition, line.trial);
    };
    return new JudgeData(head, place, kept && (await LinePlaces.scan(path, slots.size, numberOf)), path);
  }

  get id(): string {
    return this.#head.judge.id;
  }

  async add(question: QuestionRecord, answers: readonly AnswerLine[], lines: Lines): Promise<void> {
    const { slots } = this.#place;
    const conditions = slots.groups.map(({ name }) => name);
    const rows: unknown[] = [];
    const details: unknown[] = [];
    for (const { condition, trial, text, refused } of answers) {
      const slot = slots.slotOf(question.id, condition, trial);
      if (slot === undefined) continue;
      const own = lines
        .filter((line) => line.condition === condition && line.trial === trial)
        .sort((a, b) => a.repeat - b.repeat);
      if (own.length === 0 && refused && this.#head.refusals === "apart") {
        this.#counts.apart += 1;
        continue;
      }
      const labels = this.#labels?.has(slot) ? labelLine(await this.#labels.read(slot), this.#labelsPath) : undefined;
      const row = this.#rows.row(conditions.indexOf(condition), trial, own, labels);
      this.#count(row[2], labels !== undefined);
      rows.push(row);
      const { verdicts, people } = this.#rows.detail(own, labels);
      details.push({ answer: cut(text), refused: refused === true, verdicts: verdicts.map(shortened), people });
    }
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
  async finish(conditions: readonly string[], trials: number): Promise<WrittenGrades> {
    await this.#list.finish();
    await this.#details.finish();
    const { number, slots, out } = this.#place;
    const questions = slots.queries.length;
    const about = {
      ...{ per: PER, questions, trials, repeats: this.#head.repeats, ...this.#counts },
      conditions: slots.groups.map(({ name }) => name),
      shown: conditions,
      criteria: this.#head.criteria.map(({ id, question, steps }) => ({ id, question, steps })),
      columns: this.#parts.map(({ column: { criterion, question, values, range } }) => ({
        ...{ id: criterion, question, range, values: values ?? null },
      })),
    };
    await replaceFile(join(out, `j${number}.js`), dataScript(`j${number}`, about));
    return { head: this.#head, parts: this.#parts, number, ...this.#counts };
  }

  async close(): Promise<void> {
    await this.#labels?.close();
  }
}

/** A verdict with its texts cut. */
function shortened(verdict: ReturnType<GradeRows["detail"]>["verdicts"][number]) {
  const part = (text: string): Cut => cut(text, MOST_SAID);
  if ("reason" in verdict) return { ...verdict, reason: part(verdict.reason) };
  const { raw, ...failure } = verdict;
  return { ...failure, message: part(failure.message), ...(raw !== undefined && { raw: part(raw) }) };
}
