import { join } from "node:path";
import { escapeLine } from "../../lib/line-text.ts";
import { RowWriter } from "../../lib/row-writer.ts";
import type { Dataset } from "../dataset.ts";
import { pythonList } from "./python-repr.ts";

/**
 * Writes Hugging Face's RAG files: `knowledge.tsv` (title, tab, text, no header) and for each split, line by line of the
 * same questions, `<split>.questions`, `<split>.titles.tsv` (titles of relevant documents, tabs between) and
 * `<split>.qa.tsv` (question, tab, Python list of accepted answers). The title of a passage without one is its document.
 * Line breaks and tabs inside a text are escaped (see {@link escapeLine}).
 * @returns what to tell the user: how many texts were escaped
 */
export async function exportHf(dataset: Dataset, splits: readonly string[], into: string): Promise<string[]> {
  let escaped = 0;
  const line = (text: string): string => {
    const written = escapeLine(text);
    if (written !== text) escaped += 1;
    return written;
  };
  const judged = new Map<string, readonly string[]>();
  const wanted = new Set<string>();
  for (const split of splits) {
    for (const [query, grades] of await dataset.judgements(split, "document")) {
      const relevant = [...grades].filter(([, grade]) => grade >= 1).map(([document]) => document);
      judged.set(`${split}\t${query}`, relevant);
      for (const document of relevant) wanted.add(document);
    }
  }
  const titles = new Map<string, string>();
  const knowledge = new RowWriter(join(into, "knowledge.tsv"));
  try {
    for await (const passage of dataset.passages()) {
      const title = passage.title ?? passage.document;
      if (wanted.has(passage.document) && !titles.has(passage.document)) titles.set(passage.document, title);
      await knowledge.write(`${quoted(line(title))}\t${quoted(line(passage.text))}`);
    }
  } finally {
    await knowledge.close(true);
  }
  for (const split of splits) await writeSplit(split);
  if (escaped === 0) return [];
  return [`${escaped} texts hold line breaks or tabs: written as \\n, \\r, \\t (import with --escaped)`];

  async function writeSplit(split: string): Promise<void> {
    const [questions, pages, answers] = ["questions", "titles.tsv", "qa.tsv"].map(
      (ending) => new RowWriter(join(into, `${split}.${ending}`)),
    ) as [RowWriter, RowWriter, RowWriter];
    try {
      for await (const query of dataset.queries(split)) {
        const question = line(query.text);
        const documents = judged.get(`${split}\t${query.id}`) ?? [];
        const names = new Set(documents.map((document) => titles.get(document) ?? document));
        await questions.write(question);
        await pages.write([...names].map(line).join("\t"));
        await answers.write(`${question}\t${pythonList(query.answers ?? [])}`);
      }
    } finally {
      for (const file of [questions, pages, answers]) await file.close(true);
    }
  }
}

/** A cell that begins with a quote is quoted as CSV quotes, since a reader would else take its own quotes off. */
function quoted(cell: string): string {
  return cell.startsWith('"') ? `"${cell.replaceAll('"', '""')}"` : cell;
}
