import { nearest } from "../../lib/nearest.ts";
import { quoteValue } from "../../lib/text.ts";
import { QueryRow } from "../row-schema.ts";
import { checkRows, type KnownRows } from "./check-rows.ts";
import { checkText } from "./check-text.ts";
import { error, type Finding, warning } from "./finding.ts";

/** Checks `queries.jsonl` by itself: rows, ids, splits, empty or damaged text. */
export function checkQueries(path: string, known: KnownRows, splits: readonly string[]): AsyncGenerator<Finding> {
  return checkRows(path, QueryRow, known, function* (row, where) {
    if (row.text.trim() === "") {
      const fix = "remove the query unless published figures count it";
      yield warning({ code: "W_DATASET_EMPTY", where: where("/text"), expected: "a question", got: "nothing", fix });
    }
    yield* checkText(row.text, () => where("/text"));
    for (const [i, answer] of (row.answers ?? []).entries()) {
      yield* checkText(answer, () => where(`/answers/${i}`));
      if (answer.trim() !== "") continue;
      const fix = "remove the empty answer; say answerable: false where there is none";
      yield warning({
        code: "W_DATASET_EMPTY",
        where: where(`/answers/${i}`),
        expected: "an answer",
        got: "nothing",
        fix,
      });
    }
    if (row.answers?.length === 0 && row.answerable !== false) {
      const fix = 'remove "answers", or say "answerable": false';
      yield warning({
        code: "W_DATASET_EMPTY",
        where: where("/answers"),
        expected: "an answer",
        got: "an empty list",
        fix,
      });
    }
    if (row.split !== undefined && !splits.includes(row.split)) {
      const near = nearest(row.split, splits);
      const expected = `one of the dataset's splits ${splits.join(", ")}`;
      const fix = near === undefined ? "list the split in dataset.yaml" : `did you mean "${near}"?`;
      yield error({ code: "E_DATASET_SPLIT", where: where("/split"), expected, got: quoteValue(row.split), fix });
    }
  });
}
