import { join } from "node:path";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { RowWriter } from "../../lib/row-writer.ts";
import { quoteValue } from "../../lib/text.ts";
import type { Dataset, Qrels } from "../dataset.ts";

/** How many ids that do not fit are listed. */
const MAX_PROBLEMS = 20;

/**
 * Writes the judgements of splits as trec_eval reads them, `query 0 passage grade`: `<split>.qrels`, and
 * `<split>.documents.qrels` for documents; with `<split>.topics.tsv`, lines of id, tab, question.
 * @throws DataError (E_TREC_ID) with the ids that hold white space, or are empty
 */
export async function exportTrec(dataset: Dataset, splits: readonly string[], into: string): Promise<void> {
  const problems: Problem[] = [];
  const checked = (id: string, split: string): string => {
    if ((id === "" || /\s/.test(id)) && problems.length < MAX_PROBLEMS) problems.push(badId(id, dataset.id, split));
    return id;
  };
  for (const split of splits) {
    for (const [level, name] of [
      ["passage", `${split}.qrels`],
      ["document", `${split}.documents.qrels`],
    ] as const) {
      const qrels = await dataset.judgements(split, level);
      await writeLines(
        join(into, name),
        qrelLines(qrels, (id) => checked(id, split)),
      );
    }
    await writeLines(
      join(into, `${split}.topics.tsv`),
      topicLines(dataset, split, (id) => checked(id, split)),
    );
  }
  if (problems.length > 0) throw new DataError(problems);
}

async function writeLines(path: string, lines: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const file = new RowWriter(path);
  try {
    for await (const line of lines) await file.write(line);
  } finally {
    await file.close(true);
  }
}

function* qrelLines(qrels: Qrels, id: (id: string) => string): Generator<string> {
  for (const [query, grades] of qrels) {
    for (const [target, grade] of grades) yield `${id(query)} 0 ${id(target)} ${grade}`;
  }
}

async function* topicLines(dataset: Dataset, split: string, id: (id: string) => string): AsyncGenerator<string> {
  for await (const query of dataset.queries(split)) yield `${id(query.id)}\t${query.text.replace(/\s+/g, " ").trim()}`;
}

function badId(id: string, dataset: string, split: string): Problem {
  const fix = "rename it in the dataset; a TREC file separates its columns by white space";
  const where = `${dataset}/${split}`;
  return { code: "E_TREC_ID", where, expected: "ids without white space", got: quoteValue(id), fix };
}
