import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { withCounts } from "./card.mjs";
import { readPages } from "./pages.mjs";
import { byCode } from "./problem.mjs";
import { judgementsOf } from "./qrels.mjs";
import { readQuestions, SPLITS } from "./questions.mjs";

const DATASET = "datasets/handbook";
const CARD = `${DATASET}/README.md`;

/**
 * All files that the pages and questions give, as text by path. Nothing is written. The same input gives the same bytes:
 * pages, questions and judgements are sorted, and nothing depends on the clock or the machine.
 *
 * @param {string} root the repository, or a copy of its docs/handbook and datasets/handbook
 */
export async function build(root) {
  const problems = [];
  const pages = await readPages(root, problems);
  const questions = await readQuestions(root, pages, problems);
  const passages = [...pages.values()].flatMap((page) => page.passages);
  const card = withCounts(await readFile(join(root, CARD), "utf8"), CARD, pages, questions, problems);
  const files = new Map([
    [`${DATASET}/corpus.jsonl`, jsonl(passages.map((passage) => passageRow(passage, pages)))],
    [`${DATASET}/queries.jsonl`, jsonl(questions.map(queryRow))],
    ...SPLITS.flatMap((split) => {
      const own = questions.filter((question) => question.split === split);
      return [
        [`${DATASET}/qrels/${split}.tsv`, qrels(own, pages)],
        [`${DATASET}/qrels/${split}.spans.jsonl`, jsonl(own.flatMap((question) => spanRows(question, pages)))],
      ];
    }),
    [CARD, card],
  ]);
  return {
    files,
    problems,
    summary: `${pages.size} pages, ${passages.length} passages, ${questions.length} questions`,
  };
}

function passageRow({ id, title, document, start, end }, pages) {
  return { _id: id, title, text: pages.get(document).text.slice(start, end), document, start, end };
}

/** Keys that a question lacks are undefined here and so left out of its line. */
function queryRow({ id, text, answers, answerable, tags, history, split, page }) {
  return { _id: id, text, answers, answerable, tags, history, split, document: page };
}

function spanRows({ id, spans }, pages) {
  return spans
    .toSorted((a, b) => byCode(a.document, b.document) || a.start - b.start || a.end - b.end)
    .map(({ document, start, end, grade }) => ({
      query: id,
      document,
      start,
      end,
      grade,
      text: pages.get(document).text.slice(start, end),
    }));
}

function qrels(questions, pages) {
  const order = new Map([...pages.values()].flatMap((page) => page.passages).map((passage, i) => [passage.id, i]));
  const rows = questions.flatMap((question) =>
    [...judgementsOf(question, pages)]
      .sort(([a], [b]) => order.get(a) - order.get(b))
      .map(([passage, grade]) => `${question.id}\t${passage}\t${grade}`),
  );
  return `${["query-id\tcorpus-id\tscore", ...rows].join("\n")}\n`;
}

function jsonl(rows) {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
