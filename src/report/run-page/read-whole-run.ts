import {
  type AskedQuestion,
  type Run,
  readByQuestion,
  readPassages,
  type Scores,
  ScoresReader,
} from "../../runlog/index.ts";
import { type FailureAttribution, GoldGiven } from "../conditions/attribute-failures.ts";
import { type SameAnswers, SameAnswersTally } from "../conditions/same-answers.ts";
import { RankingDiagnosis } from "../diagnosis/diagnose.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import { PassageWords } from "../diagnosis/passage-words.ts";
import { AnswerPrinter, type AnswerPrints } from "../gaming/answer-prints.ts";
import { GradeData, type WrittenGrades } from "../grades/grade-data.ts";
import { Judgements } from "../questions/judgements.ts";
import { MeasuredTimes } from "../questions/measured-times.ts";
import { GrowingColumns, type QuestionColumns } from "../questions/question-columns.ts";
import { PassageData, QuestionData } from "../questions/run-data.ts";
import { ConfidentAnswers, type SelectiveAnswering } from "../refusal/selective.ts";

/** All that the page of a complete run is made of. */
export interface WholeRun {
  readonly scores: Scores;
  readonly columns: QuestionColumns;
  readonly times: MeasuredTimes;
  readonly diagnosis: Diagnosis | undefined;
  readonly attributions: readonly FailureAttribution[];
  readonly same: readonly SameAnswers[];
  readonly prints: AnswerPrints;
  readonly selective: readonly SelectiveAnswering[];
  readonly grades: readonly WrittenGrades[];
}

/** Where the texts of a run go, in pieces. */
export interface RunFolders {
  /** Questions with their results, and passages. */
  readonly data: string;
  /** What judges said; left out for a run without grades. */
  readonly grades?: string | undefined;
}

/** Looks at the questions of a run one after the other, beside others that do. */
interface Visitor {
  take(asked: AskedQuestion): void;
}

/**
 * Reads a complete run for everything that is said of it: its passages and its log once, its questions once for their ids and once
 * beside the log. Texts go into pieces as they are met; held are one question, the distinct words of the passages, and some numbers
 * for each question.
 * @throws DataError when a file is damaged, or the log is not in the order of its questions
 */
export async function readWholeRun(run: Run, folders: RunFolders): Promise<WholeRun> {
  const { dir, manifest } = run;
  const words = new PassageWords();
  const passages = new PassageData(folders.data);
  for await (const passage of readPassages(dir)) {
    if (manifest.depth > 0) words.take(passage);
    await passages.add(passage);
  }
  await passages.finish();

  const scores = await ScoresReader.begin(run);
  const questions = scores.queries.length;
  const columns = new GrowingColumns();
  const times = new MeasuredTimes(questions);
  const rankings = new RankingDiagnosis(words);
  const gold = new GoldGiven(manifest, questions);
  const same = new SameAnswersTally();
  const prints = new AnswerPrinter(questions);
  const confident = new ConfidentAnswers(manifest);
  const visitors: readonly Visitor[] = [columns, times, rankings, gold, same, prints, confident];
  const data = new QuestionData(folders.data, passages.places);
  const grades = folders.grades === undefined ? undefined : await GradeData.begin(run, folders.grades);
  const judgements = await Judgements.open(run);
  try {
    for await (const asked of readByQuestion(dir, scores.verdicts)) {
      for (const line of asked.results) scores.take(line);
      for (const visitor of visitors) visitor.take(asked);
      const judged = await judgements.of(asked.question.id);
      await data.add(asked, judged);
      await grades?.add(asked, judged);
    }
  } finally {
    await judgements.close();
  }
  await data.finish();
  const written = await grades?.finish();
  const found = await scores.finish();
  return {
    scores: found,
    columns,
    times,
    diagnosis: rankings.finish(found),
    attributions: gold.attribute(found),
    same: same.finish(),
    prints: prints.finish(),
    selective: confident.finish(found),
    grades: written ?? [],
  };
}
