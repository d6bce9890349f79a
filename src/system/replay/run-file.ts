import type { Ranking } from "../../core/ranking.ts";
import { quoteValue } from "../../lib/text.ts";
import { textLines } from "./lines-of.ts";
import { type PlainHits, readPlainRun } from "./plain-run.ts";
import { ProblemList, unreadable } from "./problem-list.ts";

const CODE = "E_REPLAY_RUN";

/** The rankings of a TREC run file by query, each in trec_eval's order. */
export interface RunFile {
  readonly queries: number;
  /** @returns the best k, or undefined when the file does not have the query */
  ranking(query: string, k: number): Ranking | undefined;
}

interface Hits extends PlainHits {
  readonly line: number[];
}

/**
 * Reads a TREC run: `query Q0 id rank score tag`, separated by white space. As in trec_eval the score gives the order and the
 * rank is not looked at.
 * @param name the file as messages show it
 * @throws DataError with every line that is wrong: columns, a score that is no number, an id twice for one query
 */
export async function readRunFile(path: string, name: string): Promise<RunFile> {
  const plain = await readPlainRun(path).catch((error: unknown) => {
    throw unreadable(CODE, name, error);
  });
  const byQuery = plain ?? (await readAnyRun(path, name));
  const sorted = new Map<string, Ordered>();
  for (const [query, hits] of byQuery) {
    sorted.set(query, inOrder(hits));
    byQuery.delete(query);
  }
  return {
    queries: sorted.size,
    ranking(query, k) {
      const hits = sorted.get(query);
      return hits?.ids.slice(0, k).map((id, at) => [id, hits.scores[at]!] as const);
    },
  };
}

async function readAnyRun(path: string, name: string): Promise<Map<string, Hits>> {
  const problems = new ProblemList(CODE, name);
  const byQuery = new Map<string, Hits>();
  // The same passage is ranked for many queries: its id is kept once.
  const interned = new Map<string, string>();
  for await (const { number, text } of textLines({ path, name }, CODE, problems)) {
    const columns = text.split(/\s+/).filter((column) => column !== "");
    if (columns.length === 0) continue;
    const score = Number(columns[4]);
    if (columns.length !== 6) {
      problems.add(number, {
        expected: "six columns: query Q0 id rank score tag",
        got: `${columns.length}: ${quoteValue(text)}`,
        fix: "write the run in TREC's format",
      });
    } else if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(columns[4]!) || !Number.isFinite(score)) {
      problems.add(number, {
        expected: "a number in the fifth column, the score",
        got: quoteValue(columns[4]),
        fix: "write the score as a decimal number",
      });
    } else {
      const [query, , given] = columns as [string, string, string];
      let hits = byQuery.get(query);
      if (!hits) {
        hits = { ids: [], scores: [], line: [] };
        byQuery.set(query, hits);
      }
      const id = interned.get(given) ?? given;
      interned.set(id, id);
      hits.ids.push(id);
      hits.scores.push(score);
      hits.line.push(number);
    }
  }
  for (const [query, hits] of byQuery) findDuplicates(query, hits, problems);
  problems.throwIfAny();
  return byQuery;
}

function findDuplicates(query: string, { ids, line }: Hits, problems: ProblemList): void {
  const first = new Map<string, number>();
  for (const [at, id] of ids.entries()) {
    const before = first.get(id);
    if (before === undefined) {
      first.set(id, line[at]!);
      continue;
    }
    problems.add(line[at]!, {
      expected: "each id once for a query",
      got: `${quoteValue(id)} again for query ${quoteValue(query)}, first on line ${before}`,
      fix: "remove one of the two lines",
    });
  }
}

interface Ordered {
  readonly ids: readonly string[];
  readonly scores: ArrayLike<number>;
}

/** Scores as 32-bit floats descending, then ids descending by bytes. */
function inOrder({ ids, scores }: PlainHits): Ordered {
  // Most files are in order, and without ties.
  if (scores.every((score, at) => at === 0 || Math.fround(score) < Math.fround(scores[at - 1]!)))
    return { ids, scores };
  const order = ids.map((_, at) => at);
  order.sort(
    (a, b) =>
      Math.fround(scores[b]!) - Math.fround(scores[a]!) || Buffer.compare(Buffer.from(ids[b]!), Buffer.from(ids[a]!)),
  );
  return { ids: order.map((at) => ids[at]!), scores: Float64Array.from(order, (at) => scores[at]!) };
}
