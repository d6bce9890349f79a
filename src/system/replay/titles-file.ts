import type { Retriever } from "../../core/contracts.ts";
import { DataError, SystemFailure } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import type { Hit, Ranking } from "../../core/ranking.ts";
import { sha256 } from "../../lib/hash.ts";
import { unescapeLine } from "../../lib/line-text.ts";
import { quoteValue } from "../../lib/text.ts";
import { titleKey } from "../../lib/title-key.ts";
import { normalisedText } from "../outside/corpus-match.ts";
import type { OutsideCounts } from "../outside/outside-ranking.ts";
import { replayed } from "../stage-times.ts";
import { linesOf, type ShownFile } from "./lines-of.ts";
import { ProblemList } from "./problem-list.ts";

const CODE = "E_REPLAY_RUN";

/**
 * Ranks as Hugging Face's `retrieval_preds.tsv` says: line n has the titles of the pages retrieved for line n of the file of
 * questions, best first, tabs between. Questions are found by their normalised text. A title stands for a page, not for a
 * passage: the first time it comes it is the page's first passage, the second time its second, so that what is right is
 * which documents are ranked where. A title that the corpus does not have keeps its rank and is counted; the n-th title
 * has the score 1/n. Held are the titles of the file and the ids of their passages.
 * @throws DataError (E_REPLAY_RUN) when a file cannot be read, they are of unequal length, or a question comes twice with
 * other titles
 */
export async function readTitlesFile(
  titles: ShownFile,
  questions: ShownFile,
  passages: AsyncIterable<Passage>,
  counts: OutsideCounts,
): Promise<Retriever> {
  const byQuestion = await readRows(titles, questions);
  const wanted = new Map<string, string[]>();
  for (const { keys } of byQuestion.values()) for (const key of keys) wanted.set(key, []);
  for await (const { id, title, document } of passages) wanted.get(titleKey(title || document))?.push(id);

  const rankings = new Map<string, Ranking>();
  for (const [question, { keys }] of byQuestion) {
    counts.most = Math.max(counts.most, keys.length);
    rankings.set(question, rank(keys, wanted, counts));
  }
  return replayed({
    async search(queries, k, signal) {
      signal.throwIfAborted();
      counts.wanted = Math.max(counts.wanted, k);
      return queries.map(({ text }) => {
        const ranking = rankings.get(normalisedText(text));
        if (ranking !== undefined && ranking.length > 0) return ranking.slice(0, k);
        const what = ranking === undefined ? "no line for" : "an empty line for";
        const message = `${titles.name} has ${what} the question ${quoteValue(text)}`;
        throw new SystemFailure("E_REPLAY_MISSING", message, { retryable: false });
      });
    },
  });
}

function rank(keys: readonly string[], passages: ReadonlyMap<string, readonly string[]>, counts: OutsideCounts): Hit[] {
  const used = new Map<string, number>();
  return keys.map((key, at) => {
    const times = used.get(key) ?? 0;
    used.set(key, times + 1);
    const ids = passages.get(key)!;
    counts.returned += 1;
    if (ids.length === 0) {
      counts.unknown += 1;
      counts.example ??= quoteValue(key);
    }
    // A title that comes more often than it has passages keeps its places too.
    return [ids[times] ?? `unknown:${sha256(key).slice(0, 16)}${times > 0 ? `-${times}` : ""}`, 1 / (at + 1)];
  });
}

interface Row {
  readonly keys: readonly string[];
  readonly line: number;
}

async function readRows(titles: ShownFile, questions: ShownFile): Promise<Map<string, Row>> {
  const asked = await linesOf(questions, CODE);
  const found = await linesOf(titles, CODE);
  // A blank line is a question without titles, but for those after the last question.
  while (asked.at(-1)?.trim() === "") asked.pop();
  while (found.length > asked.length && found.at(-1)!.trim() === "") found.pop();
  if (asked.length !== found.length) {
    const expected = `${asked.length} lines of titles, one for each line of ${questions.name}`;
    const fix = "name the questions that the titles were retrieved for";
    throw new DataError([{ code: CODE, where: titles.name, expected, got: `${found.length} lines`, fix }]);
  }
  const problems = new ProblemList(CODE, titles.name);
  const rows = new Map<string, Row>();
  for (const [at, question] of asked.entries()) {
    const cells = found[at]!.split("\t").map((cell) => titleKey(unescapeLine(cell)));
    const keys = cells.filter((key) => key !== "");
    const key = normalisedText(unescapeLine(question));
    const before = rows.get(key);
    if (!before) rows.set(key, { keys, line: at + 1 });
    else if (before.keys.join("\t") !== keys.join("\t")) {
      problems.add(at + 1, {
        expected: "one ranking for each question",
        got: `another for ${quoteValue(question)}, first on line ${before.line}`,
        fix: "remove one of the two lines from both files",
      });
    }
  }
  problems.throwIfAny();
  return rows;
}
