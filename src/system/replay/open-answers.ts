import type { ReplayAnswersConfig } from "../../config/system-schema.ts";
import { readAnswersFile } from "./answers-file.ts";
import { readLineAnswers } from "./line-answers.ts";
import type { ShownFile } from "./lines-of.ts";
import { type AnswerSource, LOCALRQA_COLUMNS, RAFT_COLUMNS, readTableAnswers } from "./table-answers.ts";

/** Where RAFT's recipe has a model begin its answer proper. */
const RAFT_MARKER = "<ANSWER>:";

/** The marker that is parsed off saved answers. */
export function markerOf({ format, answer_marker }: ReplayAnswersConfig): string | undefined {
  return answer_marker ?? (format === "raft" ? RAFT_MARKER : undefined);
}

/**
 * Opens the answers of a replayed generator in the form that its file says.
 * @param questions the file of the questions, for format lines
 * @throws DataError with what is wrong with the file
 */
export async function openAnswers(
  { format, columns = {} }: Pick<ReplayAnswersConfig, "format" | "columns">,
  file: ShownFile,
  questions: ShownFile | undefined,
): Promise<AnswerSource> {
  switch (format) {
    case "answers": {
      const answers = await readAnswersFile(file.path, file.name);
      return {
        answers: answers.answers,
        find: ({ id }, condition, trial) => answers.find(id, condition, trial),
        notes: [],
      };
    }
    case "table":
      return readTableAnswers(file.path, file.name, columns);
    case "localrqa":
      return readTableAnswers(file.path, file.name, LOCALRQA_COLUMNS);
    case "raft":
      return readTableAnswers(file.path, file.name, RAFT_COLUMNS);
    case "lines":
      return readLineAnswers(file, questions!);
  }
}
