import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "../../../core/problem.ts";
import { quoteValue } from "../../../lib/text.ts";
import type { GradedItem, GradedSet } from "../graded-set.ts";
import { textLines, throwProblems, unreadable } from "../text-lines.ts";

const SCALE = [0, 1, 2, 3];
const MOST = 3;

/**
 * Reads the LLMJudge 2024 challenge: passages graded 0 to 3 by NIST's assessors (`llmjudge_test_qrel_idx.txt`) and by
 * language models (`scores/<judge>.txt`), lines of `query 0 passage grade`. An item is a pair of query and passage.
 *
 * Grades above 3 count as 3, as in the published figures, and are noted per judge.
 *
 * @throws DataError with every line that cannot be read, every pair graded twice, unknown or missing
 */
export async function readLlmJudge(folder: string): Promise<GradedSet> {
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  const truth = await readPairs(join(folder, "llmjudge_test_qrel_idx.txt"), problems, notes);
  const items = [...truth.values()].map(({ id, query }): GradedItem => ({ id, query }));
  const judges = new Map<string, (number | undefined)[]>();
  for (const file of await scoreFiles(join(folder, "scores"))) {
    const path = join(folder, "scores", file);
    const graded = await readPairs(path, problems, notes);
    for (const { id, where } of graded.values()) {
      if (truth.has(id)) continue;
      const fix = "remove the line, or take the file of this test set";
      problems.push({ code: "E_LABEL_ITEM", where, expected: "a pair that people graded", got: quoteValue(id), fix });
    }
    const lacking = items.filter(({ id }) => !graded.has(id));
    if (lacking.length > 0) {
      const got = `${lacking.length} without, the first ${quoteValue(lacking[0]!.id)}`;
      const expected = `a grade of each of ${items.length} pairs`;
      problems.push({ code: "E_LABEL_ITEM", where: path, expected, got, fix: "take the complete file" });
    }
    judges.set(
      file.slice(0, -".txt".length),
      items.map(({ id }) => graded.get(id)?.grade),
    );
  }
  throwProblems(problems);
  const people = new Map([["nist", [...truth.values()].map(({ grade }) => grade)]]);
  return { items, criteria: new Map([["relevance", { scale: SCALE, people, judges }]]), notes };
}

interface Pair {
  readonly id: string;
  readonly query: string;
  readonly grade: number;
  readonly where: string;
}

async function readPairs(path: string, problems: Problem[], notes: Problem[]): Promise<Map<string, Pair>> {
  const pairs = new Map<string, Pair>();
  const clipped: string[] = [];
  for await (const { where, text } of textLines(path, problems)) {
    const [query, , passage, grade, more] = text.trim().split(/\s+/);
    if (passage === undefined || grade === undefined || more !== undefined || !/^\d{1,3}$/.test(grade)) {
      const fix = "write the line as TREC judgements have it";
      const expected = "query 0 passage grade, the grade a whole number";
      problems.push({ code: "E_LABEL_ROW", where, expected, got: quoteValue(text), fix });
      continue;
    }
    const id = `${query} ${passage}`;
    const first = pairs.get(id);
    if (first !== undefined) {
      const got = `${grade} here and ${first.grade} at ${first.where}`;
      problems.push({ code: "E_LABEL_TWICE", where, expected: `one grade of ${quoteValue(id)}`, got, fix: "keep one" });
      continue;
    }
    if (Number(grade) > MOST) clipped.push(`${grade} at ${where}`);
    pairs.set(id, { id, query: query!, grade: Math.min(MOST, Number(grade)), where });
  }
  if (clipped.length > 0) {
    const got = `${clipped.length} above: ${clipped.slice(0, 3).join(", ")}`;
    const fix = `nothing: they count as ${MOST}, as in the published figures`;
    notes.push({ code: "E_LABEL_SCORE", where: path, expected: `grades 0 to ${MOST}`, got, fix });
  }
  return pairs;
}

async function scoreFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(".txt")).sort();
  } catch (error) {
    throw unreadable(folder, error);
  }
}
