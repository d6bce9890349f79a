import { printable, truncate } from "../../lib/text.ts";
import { formatCount, formatEstimate, formatLevel } from "../text/format-number.ts";
import { textTable, wrapText } from "../text/text-table.ts";
import type { DetectorCheck, Disagreement } from "./detector-check.ts";

export interface DetectorTextOptions {
  /** What was measured: `the default detector`. */
  readonly detector: string;
  readonly level: number;
  /** Width of the terminal in cells. */
  readonly columns: number;
  /** How many answers of each kind are listed. */
  readonly named: number;
}

const SHARE = [0, 1] as const;

/** A detector's figures for a terminal: confusion, precision and recall, rules, and the answers it got wrong. */
export function detectorText(check: DetectorCheck, options: DetectorTextOptions): string {
  const { confusion, precision, recall, rules, undecided } = check;
  const { refusalFlagged, refusalMissed, answerFlagged, answerPassed } = confusion;
  const { columns, named, level } = options;
  const refusals = refusalFlagged + refusalMissed;
  const blocks = [
    wrapText(
      `${printable(options.detector)}: ${formatCount(check.n)} labelled answers, ${formatCount(refusals)} of them refusals; ${formatLevel(level)} intervals (Wilson)`,
      columns,
    ),
    textTable(
      [{ head: "", align: "left", cells: ["flagged", "not flagged"] }],
      [
        { head: "labelled refusal", align: "right", cells: [refusalFlagged, refusalMissed].map(formatCount) },
        { head: "labelled answer", align: "right", cells: [answerFlagged, answerPassed].map(formatCount) },
      ],
      columns,
    ),
    [
      `precision ${formatEstimate(precision, SHARE)} of ${formatCount(precision.n)} flagged`,
      `recall    ${formatEstimate(recall, SHARE)} of ${formatCount(recall.n)} refusals`,
      ...(undecided > 0
        ? [`no verdict on ${formatCount(undecided)} more labelled answers: they are in no figure`]
        : []),
    ].join("\n"),
  ];
  if (rules.length > 0) {
    blocks.push(
      textTable(
        [
          { head: "flagged", align: "right", cells: rules.map(({ flagged }) => formatCount(flagged)) },
          { head: "rightly", align: "right", cells: rules.map(({ right }) => formatCount(right)) },
        ],
        [{ head: "by rule", align: "left", cells: rules.map(({ rule }) => truncate(printable(rule), columns - 20)) }],
        columns,
      ),
    );
  }
  blocks.push(...listText("Refusals missed", check.missed, named, columns));
  blocks.push(...listText("Answers flagged", check.false, named, columns));
  return `${blocks.join("\n\n")}\n`;
}

function listText(title: string, found: readonly Disagreement[], named: number, columns: number): string[] {
  if (found.length === 0) return [];
  const lines = found
    .slice(0, named)
    .map(({ id, text }) => truncate(`  ${printable(id)}: ${printable(text)}`, columns));
  const more = found.length - Math.min(named, found.length);
  const rest = more > 0 ? [`  … and ${formatCount(more)} more; --named shows them, --format json all`] : [];
  return [[`${title}: ${formatCount(found.length)}`, ...lines, ...rest].join("\n")];
}
