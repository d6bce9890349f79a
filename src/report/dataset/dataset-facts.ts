import { hashValue } from "../../lib/hash.ts";
import { type QuestionRecord, type Run, readPassages, readQuestions } from "../../runlog/index.ts";

/** What a run's folder tells of the dataset it asked: of its questions all, of its passages those that were found or are gold. */
export interface DatasetFacts {
  readonly questions: number;
  readonly answerable: number;
  readonly unanswerable: number;
  /** Questions that do not say whether the documents answer them. */
  readonly unsaid: number;
  readonly withAnswers: number;
  readonly withHistory: number;
  /** Questions that say which document they are of, and how many documents those are. */
  readonly fromDocuments: number;
  readonly documents: number;
  /** Questions whose text, history and all, another question has too but for case and spaces. */
  readonly repeated: number;
  /** Lengths in words. */
  readonly questionLengths: readonly number[];
  /** Of the first accepted answer of each question. */
  readonly answerLengths: readonly number[];
  readonly passageLengths: readonly number[];
  /** Relevant passages (grade >= 1) → questions that have so many, ascending. */
  readonly gold: ReadonlyMap<number, number>;
  /** Grade → judgements, ascending. */
  readonly grades: ReadonlyMap<number, number>;
  /** Tag → questions, most frequent first. */
  readonly tags: ReadonlyMap<string, number>;
}

/** Streams the questions and passages of a complete run; numbers alone are held. @throws DataError when a file is damaged */
export async function datasetFacts({ dir }: Pick<Run, "dir">): Promise<DatasetFacts> {
  const count = { questions: 0, answerable: 0, unanswerable: 0, withAnswers: 0, withHistory: 0, fromDocuments: 0 };
  const lengths = { questions: [] as number[], answers: [] as number[], passages: [] as number[] };
  const [gold, grades, tags] = [new Map<number, number>(), new Map<number, number>(), new Map<string, number>()];
  const documents = new Set<string>();
  const texts = new Map<string, number>();
  for await (const question of readQuestions(dir)) {
    count.questions += 1;
    if (question.answerable === true) count.answerable += 1;
    if (question.answerable === false) count.unanswerable += 1;
    if (question.history && question.history.length > 0) count.withHistory += 1;
    if (question.document !== undefined) {
      count.fromDocuments += 1;
      documents.add(question.document);
    }
    lengths.questions.push(words(question.text));
    const answer = question.answers?.[0];
    if (answer !== undefined) {
      count.withAnswers += 1;
      lengths.answers.push(words(answer));
    }
    tally(texts, sameText(question));
    tally(gold, question.judgements.filter(([, grade]) => grade >= 1).length);
    for (const [, grade] of question.judgements) tally(grades, grade);
    for (const tag of new Set(question.tags)) tally(tags, tag);
  }
  for await (const { text } of readPassages(dir)) lengths.passages.push(words(text));
  return {
    ...count,
    unsaid: count.questions - count.answerable - count.unanswerable,
    documents: documents.size,
    repeated: Array.from(texts.values()).reduce((sum, times) => sum + (times > 1 ? times : 0), 0),
    questionLengths: lengths.questions,
    answerLengths: lengths.answers,
    passageLengths: lengths.passages,
    gold: new Map([...gold].sort(([a], [b]) => a - b)),
    grades: new Map([...grades].sort(([a], [b]) => a - b)),
    tags: new Map([...tags].sort(([, a], [, b]) => b - a)),
  };
}

/** As short as a hash, so that a hundred thousand questions can be told apart. */
function sameText({ text, history = [] }: QuestionRecord): string {
  const plain = (one: string): string => one.toLowerCase().replace(/\s+/g, " ").trim();
  return hashValue([plain(text), history.map(({ content }) => plain(content))]);
}

function tally<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function words(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
