import { type FileHandle, open } from "node:fs/promises";
import { readLines } from "../../lib/jsonl.ts";
import type { GradedLine, GradingHead } from "./grade-schema.ts";
import { newestGradings } from "./newest-gradings.ts";

/** What one judge said of the answers to one question, reasons included. */
export interface QuestionGrades {
  readonly head: GradingHead;
  /** In the order of the file. */
  readonly lines: readonly GradedLine[];
}

interface OpenGrading {
  readonly head: GradingHead;
  readonly file: FileHandle;
  /** By question: offset and length in bytes of its lines, one pair for those that follow each other. */
  readonly places: ReadonlyMap<string, readonly number[]>;
}

/**
 * The grades of a run's answers, question by question, with the judges' reasons. Of the files only the places of the lines are held,
 * so that memory does not grow with what was said. Lines were checked where the scores were read: what is no grade is passed over.
 * @example const grades = await GradesByQuestion.open(dir, end.sha256); … await grades.of("q1"); … await grades.close();
 */
export class GradesByQuestion {
  readonly #gradings: readonly OpenGrading[];

  private constructor(gradings: readonly OpenGrading[]) {
    this.#gradings = gradings;
  }

  /** @param log the hash in the log's end line: grades of another log are left out */
  static async open(dir: string, log: string): Promise<GradesByQuestion> {
    const opened: OpenGrading[] = [];
    for (const { path, head } of await newestGradings(dir, log)) {
      opened.push({ head, places: await placesOf(path), file: await open(path) });
    }
    return new GradesByQuestion(opened);
  }

  /** Of each judge that graded an answer to the question. */
  async of(query: string): Promise<QuestionGrades[]> {
    const found: QuestionGrades[] = [];
    for (const { head, file, places } of this.#gradings) {
      const ranges = places.get(query) ?? [];
      const lines: GradedLine[] = [];
      for (let i = 0; i < ranges.length; i += 2) {
        const bytes = Buffer.allocUnsafe(ranges[i + 1]!);
        await file.read(bytes, 0, bytes.length, ranges[i]!);
        for (const text of bytes.toString("utf8").split("\n")) if (text !== "") lines.push(JSON.parse(text));
      }
      if (lines.length > 0) found.push({ head, lines });
    }
    return found;
  }

  async close(): Promise<void> {
    for (const { file } of this.#gradings) await file.close();
  }
}

async function placesOf(path: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const places = new Map<string, number[]>();
  for await (const line of readLines(path)) {
    // A torn last line is no grade yet.
    if ("error" in line || !line.terminated) continue;
    const query = queryOf(line.text);
    if (query === undefined) continue;
    const bytes = Buffer.byteLength(line.text) + 1;
    const known = places.get(query);
    if (known === undefined) places.set(query, [line.offset, bytes]);
    else if (known.at(-2)! + known.at(-1)! === line.offset) known[known.length - 1]! += bytes;
    else known.push(line.offset, bytes);
  }
  return places;
}

function queryOf(text: string): string | undefined {
  try {
    const { kind, query } = JSON.parse(text) as Partial<GradedLine>;
    return kind === "grade" || kind === "judge-failure" ? query : undefined;
  } catch {
    return undefined;
  }
}
