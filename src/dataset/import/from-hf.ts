import { unescapeLine } from "../../lib/line-text.ts";
import { titleKey } from "../../lib/title-key.ts";
import { fitsQrels } from "../read-qrels.ts";
import { alignedLines } from "./aligned-lines.ts";
import type { SplitFile } from "./from-beir.ts";
import { type GoldMode, goldAnswers } from "./hf-gold.ts";
import { knowledgeRows } from "./hf-knowledge.ts";
import { ProblemList } from "./problem-list.ts";
import type { Target } from "./target.ts";
import { Repetitions, textId } from "./text-id.ts";

/** One split of Hugging Face's RAG example: files whose line n speaks of question n. */
export interface HfSplit extends SplitFile {
  /** Tab-separated titles of the pages that hold the answer. */
  readonly titles?: string;
  /** Accepted answers. */
  readonly answers?: { readonly path: string; readonly mode: GoldMode };
}

/** The files of Hugging Face's RAG example. */
export interface HfSource {
  /** Lines of title, tab, text. */
  readonly knowledge?: string;
  /** `path` is the evaluation set: one question a line. */
  readonly questions: readonly HfSplit[];
  /** Whether `\n`, `\t`, `\r` and `\\` in a line stand for characters, as our export writes them. @default false */
  readonly escaped?: boolean;
}

/**
 * Reads Hugging Face's RAG files. A row of the knowledge file becomes a passage, its document the title; gold titles
 * become judgements of documents with grade 1. Outer quotes of titles count for nothing, as there. Titles that no row of
 * the knowledge file has stay judged, since leaving them out would raise recall, and are counted.
 * @throws DataError with file and line: unequal lengths, empty lines, gold that cannot be read, a `qa` input that is not
 * the question
 */
export async function importHf(source: HfSource, target: Target): Promise<void> {
  const { knowledge, escaped = false } = source;
  const plain = (text: string): string => (escaped ? unescapeLine(text) : text);
  const titles = new Map<string, string>();
  if (knowledge === undefined) target.notes.push("no passages: only answers without retrieval can be measured");
  else await importKnowledge(knowledge);
  const ids = new Repetitions();
  for (const split of source.questions) await importSplit(split);

  async function importKnowledge(path: string): Promise<void> {
    const seen = new Set<string>();
    for await (const { id: given, title, text } of knowledgeRows(path, plain)) {
      const id = given !== undefined && fitsQrels(given) ? given : textId(title, [title, text]);
      if (seen.has(id)) {
        target.skip("passage that was there already (same title and text, or same id)");
        continue;
      }
      seen.add(id);
      if (!titles.has(titleKey(title))) titles.set(titleKey(title), title);
      await target.passage({ _id: id, ...(title === "" ? {} : { title, document: title }), text });
    }
  }

  async function importSplit({ split, path, titles: gold, answers: accepted }: HfSplit): Promise<void> {
    target.split(split);
    const problems = new ProblemList();
    const files = [
      ...(gold === undefined ? [] : [{ path: gold, mayBeEmpty: true }]),
      ...(accepted === undefined ? [] : [{ path: accepted.path }]),
    ];
    let unknown = 0;
    for await (const { number, texts } of alignedLines({ path }, ...files)) {
      const text = plain(texts[0]!).trim();
      const pages = gold === undefined ? [] : titlesOf(texts[1]!);
      const read =
        accepted && goldAnswers(texts.at(-1)!, texts[0]!, accepted.mode, `${accepted.path}:${number}`, plain);
      if (read && !read.ok) problems.add(read.problem);
      if (problems.isFull) break;
      if (!problems.isEmpty) continue;
      const answers = read?.ok ? read.answers : [];
      const documents = new Set(pages.map((title) => titles.get(titleKey(title)) ?? title));
      const id = ids.next(textId(text, [split, text, answers, [...documents]]));
      await target.query({
        _id: id,
        text,
        ...(answers.length === 0 ? {} : { answers: [...answers] }),
        ...(pages[0] === undefined ? {} : { document: [...documents][0]! }),
        split,
      });
      for (const document of documents) {
        if (knowledge !== undefined && !titles.has(titleKey(document))) unknown += 1;
        if (fitsQrels(document)) await target.documentJudgement(split, id, document, 1);
        else target.skip("title that a qrels file cannot hold");
      }
    }
    problems.raise();
    if (unknown > 0) target.notes.push(`${gold}: ${unknown} gold titles that the knowledge file does not have`);
  }

  function titlesOf(line: string): string[] {
    return line
      .split("\t")
      .map((cell) => plain(cell).trim())
      .filter((title) => title !== "");
  }
}
