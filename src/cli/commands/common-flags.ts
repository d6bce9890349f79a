import { SUMMARY_FORMATS } from "../../report/summary/summary-formats.ts";
import { flag, list, optional, value } from "../command.ts";
import { choice, text } from "../terminal/parse-value.ts";

/** The suite of a command that works on questions and passages, not on runs. */
export const suiteFlag = {
  suite: optional("-b, --suite <id>", "the suite whose dataset is used; may be left out where there is only one", text),
} as const;

/** What of runs is compared. */
export const comparedFlags = {
  metric: list("-m, --metric <name>", "only these metrics, or columns of judges; all when left out", text),
  condition: list("-c, --condition <name>", "only these contexts, such as rag@5 or retrieval; all when left out", text),
} as const;

/** How the result table is printed at the end of long work. */
export const resultTableFlags = {
  format: value(
    "--format <format>",
    `of the result table: ${SUMMARY_FORMATS.join(", ")}`,
    choice(...SUMMARY_FORMATS),
    "text",
  ),
  quiet: flag("-q, --quiet", "no progress and no notes, only the result table"),
} as const;
