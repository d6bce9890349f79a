import { TAGS } from "./check-question.mjs";
import { quote } from "./problem.mjs";
import { judgementsOf } from "./qrels.mjs";
import { SPLITS } from "./questions.mjs";

const BEGIN = "<!-- counts: written by npm run handbook -->";
const END = "<!-- end of counts -->";

/** The dataset card with its tables of counts replaced; everything outside the markers is left as it is. */
export function withCounts(card, path, pages, questions, problems) {
  const [from, to] = [card.indexOf(BEGIN), card.indexOf(END)];
  if (from === -1 || to < from) {
    problems.push({
      where: path,
      code: "E_HANDBOOK_CARD",
      expected: `the markers ${quote(BEGIN)} and ${quote(END)}`,
      got: "a card without them",
      fix: "put both lines where the counts belong",
    });
    return card;
  }
  return `${card.slice(0, from)}${BEGIN}\n\n${counts(pages, questions)}\n${card.slice(to)}`;
}

function counts(pages, questions) {
  const groups = [...SPLITS.map((split) => questions.filter((q) => q.split === split)), questions];
  const row = (name, count) => [name, ...groups.map(count)];
  const lengths = [...pages.values()]
    .flatMap((page) => page.passages.map((p) => p.end - p.start))
    .sort((a, b) => a - b);
  const rows = [
    row("pages with questions", (group) => new Set(group.map((q) => q.page)).size),
    row("questions", (group) => group.length),
    row("answerable", (group) => group.filter((q) => q.answerable).length),
    row("unanswerable", (group) => group.filter((q) => !q.answerable).length),
    row("gold spans", (group) => sum(group, (q) => q.spans.length)),
    row("relevant passages", (group) => sum(group, (q) => judgementsOf(q, pages).size)),
    ...TAGS.map((tag) => row(`tag ${tag}`, (group) => group.filter((q) => q.tags.includes(tag)).length)),
  ];
  return [
    `The corpus has ${pages.size} pages in ${lengths.length} passages of ${lengths[0]} to ${lengths.at(-1)} characters, median ` +
      `${lengths[Math.floor(lengths.length / 2)]}. A question may carry several tags.`,
    "",
    `| | ${SPLITS.join(" | ")} | all |`,
    `| --- |${" ---: |".repeat(groups.length)}`,
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
    "",
  ].join("\n");
}

function sum(items, value) {
  return items.reduce((total, item) => total + value(item), 0);
}
