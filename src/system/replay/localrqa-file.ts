import type { Retriever } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import type { Ranking } from "../../core/ranking.ts";
import { isObject } from "../../embed/json-file.ts";
import { quoteValue } from "../../lib/text.ts";
import { type CorpusMatch, normalisedText } from "../outside/corpus-match.ts";
import { type OutsideCounts, type OutsideHit, outsideRanking } from "../outside/outside-ranking.ts";
import { replayed } from "../stage-times.ts";
import { textLines } from "./lines-of.ts";
import { ProblemList } from "./problem-list.ts";

const CODE = "E_REPLAY_RUN";
const FIX = 'write rows such as {"question":"…","retrieved_docs":[{"page_content":"…"}]}, best first';

/**
 * Ranks as LocalRQA's `test-predictions.jsonl` says: rows of a question and its `retrieved_docs`, best first. They carry neither
 * ids nor scores: questions and passages are found by their normalised text, and the n-th passage has the score 1/n.
 * @param name the file as messages show it
 * @throws DataError with every line that is wrong: no JSON, no documents, a question twice with other documents
 */
export async function readLocalrqaFile(
  path: string,
  name: string,
  match: CorpusMatch,
  counts: OutsideCounts,
): Promise<Retriever> {
  const problems = new ProblemList(CODE, name);
  const byQuestion = new Map<string, { readonly ranking: Ranking; readonly line: number }>();
  for await (const { number, text } of textLines({ path, name }, CODE, problems)) {
    if (text.trim() === "") continue;
    const row = rowOf(text);
    if (!row) {
      problems.add(number, { expected: "a question and its documents", got: quoteValue(text), fix: FIX });
      continue;
    }
    const ranking = outsideRanking(row.hits, row.hits.length, match, counts);
    const key = normalisedText(row.question);
    const before = byQuestion.get(key);
    if (!before) byQuestion.set(key, { ranking, line: number });
    else if (JSON.stringify(before.ranking) !== JSON.stringify(ranking)) {
      problems.add(number, {
        expected: "one ranking for each question",
        got: `another for ${quoteValue(row.question)}, first on line ${before.line}`,
        fix: "remove one of the two lines",
      });
    }
  }
  problems.throwIfAny();
  return replayed({
    async search(queries, k, signal) {
      signal.throwIfAborted();
      return queries.map(({ text }) => {
        const found = byQuestion.get(normalisedText(text));
        if (found) return found.ranking.slice(0, k);
        const message = `${name} has no ranking for the question ${quoteValue(text)}`;
        throw new SystemFailure("E_REPLAY_MISSING", message, { retryable: false });
      });
    },
  });
}

function rowOf(text: string): { question: string; hits: OutsideHit[] } | undefined {
  let row: unknown;
  try {
    row = JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
  if (!isObject(row) || typeof row.question !== "string" || !Array.isArray(row.retrieved_docs)) return undefined;
  const hits: OutsideHit[] = [];
  for (const document of row.retrieved_docs as unknown[]) {
    const content = isObject(document) ? document.page_content : document;
    if (typeof content !== "string") return undefined;
    hits.push({ text: content });
  }
  return { question: row.question, hits };
}
