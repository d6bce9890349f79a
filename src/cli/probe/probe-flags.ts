import { SUMMARY_FORMATS, type SummaryFormat } from "../../report/summary/summary-formats.ts";
import { flag, list, optional, value } from "../command.ts";
import { choice, integer, nonNegative, text, timeSpan } from "../terminal/parse-value.ts";

/** What every probe can be told. */
export const PROBE_FLAGS = {
  suite: optional(
    "-b, --suite <id>",
    "the suite whose questions are put; may be left out where there is only one",
    text,
  ),
  metric: list("--metric <name>", "the metrics; the suite's first that fits when left out", text),
  seed: optional("--seed <n>", "the seed of all random numbers; the suite's when left out", integer(0)),
  limit: optional("--limit <n>", "only the first questions that fit the probe", integer(1)),
  resume: flag("--resume", "go on with an interrupted run"),
  fresh: flag("--fresh", "run again although there is a run already"),
  maxTime: optional("--max-time <span>", "stop after so long, for example 2h; --resume goes on", timeSpan),
  maxCost: optional("--max-cost <usd>", "stop before answers cost more, in US dollars; --resume goes on", nonNegative),
  cache: flag("--no-cache", "ask every question, and keep no answers for later runs"),
  refresh: flag("--refresh", "ask every question, and keep the new answers in place of old ones"),
  dryRun: flag("--dry-run", "say what would be asked and what it would take; ask nothing"),
  format: value("--format <format>", SUMMARY_FORMATS.join(", "), choice(...SUMMARY_FORMATS), "text"),
  html: optional("--html <file>", "also write a page with pictures, to open in a browser", text),
  quiet: flag("-q, --quiet", "no progress and no notes, only the result table"),
} as const;

export interface ProbeOptions {
  readonly suite: string | undefined;
  readonly metric: readonly string[];
  readonly seed: number | undefined;
  readonly limit: number | undefined;
  readonly resume: boolean;
  readonly fresh: boolean;
  /** Milliseconds. */
  readonly maxTime: number | undefined;
  /** US dollars. */
  readonly maxCost: number | undefined;
  readonly cache: boolean;
  readonly refresh: boolean;
  readonly dryRun: boolean;
  readonly format: SummaryFormat;
  readonly html: string | undefined;
  readonly quiet: boolean;
}
