import type { Problem } from "../core/problem.ts";
import { refusalJunit } from "./format-junit.ts";
import { refusalMarkdown } from "./format-markdown.ts";
import type { GateFormat } from "./gate-formats.ts";

/**
 * Why there is no verdict, where a format is read in place of the terminal: a job's summary or its test results, which would
 * otherwise be empty. Nothing for the formats beside whose reader standard error stands.
 */
export function formatRefusal(problems: readonly Problem[], format: GateFormat): string {
  if (format === "markdown") return refusalMarkdown(problems);
  return format === "junit" ? refusalJunit(problems) : "";
}
