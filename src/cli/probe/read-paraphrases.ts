import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { readLines } from "../../lib/jsonl.ts";
import { nearest } from "../../lib/nearest.ts";
import { quoteValue } from "../../lib/text.ts";
import type { Paraphrases } from "../../run/probe/variants.ts";

/**
 * Reads paraphrases: JSON lines with `query`, a question's id, and `text`; several lines of one question are its first, second, …
 * paraphrase.
 * @param known the ids of the questions
 * @throws DataError (E_PARAPHRASES) with every line that is wrong
 */
export async function readParaphrases(file: string, shown: string, known: ReadonlySet<string>): Promise<Paraphrases> {
  const paraphrases = new Map<string, string[]>();
  const problems: Problem[] = [];
  const wrong = (line: number | undefined, expected: string, got: string, fix: string): void => {
    const where = line === undefined ? shown : `${shown}:${line}`;
    problems.push({ code: "E_PARAPHRASES", where, expected, got, fix });
  };
  try {
    for await (const line of readLines(file)) {
      if ("error" in line) {
        wrong(line.number, "a line of JSON in UTF-8", line.error, "write it anew");
        continue;
      }
      if (line.text.trim() === "") continue;
      const row = parse(line.text);
      const { query, text } = row ?? {};
      if (typeof query !== "string" || typeof text !== "string" || text.trim() === "") {
        wrong(line.number, '{"query": "an id", "text": "the paraphrase"}', quoteValue(line.text), "give both as texts");
      } else if (known.has(query)) {
        const list = paraphrases.get(query) ?? [];
        paraphrases.set(query, list);
        list.push(text);
      } else {
        const near = nearest(query, known);
        const fix =
          near === undefined ? "look the id up in the dataset's queries.jsonl" : `did you mean ${quoteValue(near)}?`;
        wrong(line.number, "the id of a question of the suite", quoteValue(query), fix);
      }
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    wrong(undefined, "a file of JSON lines", code, "name a file that is there");
  }
  if (problems.length === 0 && paraphrases.size === 0) {
    wrong(undefined, "at least one paraphrase", "none", 'add lines such as {"query": "q1", "text": "…"}');
  }
  if (problems.length > 0) throw new DataError(problems);
  return paraphrases;
}

function parse(text: string): { readonly query?: unknown; readonly text?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}
