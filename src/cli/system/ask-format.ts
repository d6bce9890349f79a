import { printable, truncate } from "../../lib/text.ts";
import { wrapText } from "../../report/text/text-table.ts";
import type { Asked, FoundPassage } from "./ask-system.ts";

/** How much of a passage is shown where not all of it is asked for, in characters. */
const EXCERPT = 320;
const INDENT = "   ";

/**
 * What a system said to a question as text for a terminal. What models and datasets wrote is made printable: no escape
 * sequence, line end or invisible character of it reaches the terminal.
 * @param full whether passages are shown whole
 */
export function formatAsked(asked: Asked, columns: number, full: boolean): string {
  const { question, rewritten, system, dataset, condition, passages, answer } = asked;
  const wrap = (text: string): string => indent(wrapText(text, columns - INDENT.length));
  const lines = [
    printable(question),
    ...(rewritten === undefined ? [] : [`searched for as: ${printable(rewritten)}`]),
    `${printable(system)} on ${printable(dataset)}, ${condition}`,
    "",
  ];
  for (const [at, passage] of (passages ?? []).entries()) {
    lines.push(`${at + 1}  ${headOf(passage)}`, wrap(textOf(passage, full)), "");
  }
  if (passages?.length === 0) lines.push("No passage was found.", "");
  if (answer) {
    const left =
      answer.refused === undefined ? ` (whether a refusal, not asked here: ${printable(answer.refusedBy)})` : "";
    lines.push(answer.refused ? `Answer: a refusal (${printable(answer.refusedBy)})` : `Answer${left}`);
    // The line ends of an answer are its own, those of a passage are those of a file.
    lines.push(...answer.text.split(/\r\n|\r|\n/).map((part) => wrap(printable(part))), "");
    if (answer.raw !== undefined && answer.raw.trim() !== answer.text)
      lines.push("All that it said", wrap(printable(answer.raw)), "");
  }
  return `${[...lines, ...factsOf(asked)].join("\n")}\n`;
}

function headOf({ id, score, title, document }: FoundPassage): string {
  const more = [title, document === id ? undefined : document].filter(Boolean).map((text) => printable(text!));
  return [printable(id), `score ${Number(score.toPrecision(5))}`, ...more].join("  ");
}

function textOf({ text }: FoundPassage, full: boolean): string {
  if (text === undefined) return "(the corpus has no passage of this id)";
  return printable(full ? text : truncate(text, EXCERPT));
}

function factsOf({ retrievalMs, answer }: Asked): string[] {
  const facts: string[] = [];
  if (retrievalMs !== undefined) facts.push(`retrieval ${ms(retrievalMs)}`);
  if (answer) {
    const { timing, usage, cost, finish, confidence, hedged } = answer;
    const first = timing.firstTokenMs === undefined ? "" : `, first token after ${ms(timing.firstTokenMs)}`;
    facts.push(timing.source === "measured" ? `answer ${ms(timing.ms)}${first}` : `answer ${timing.source}`);
    if (usage) facts.push(`${usage.promptTokens} + ${usage.completionTokens} tokens`);
    if (cost) facts.push(`$${Number(cost.usd.toPrecision(2))}`);
    if (hedged) facts.push("sent twice (hedge)");
    if (finish !== "stop") facts.push(`ended by ${printable(finish)}`);
    if (confidence !== undefined) facts.push(`confidence ${confidence.toFixed(3)}`);
  }
  return facts.length === 0 ? [] : [facts.join(" · ")];
}

function ms(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, INDENT);
}
