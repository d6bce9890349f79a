import { DataError } from "../core/errors.ts";
import { quoteValue } from "../lib/text.ts";
import { readRun } from "./read-run.ts";

/**
 * A run's rankings as lines of a TREC run file, `query Q0 passage rank score run`, without line feeds.
 * @throws DataError (E_TREC_ID) when an id cannot stand there because it holds white space
 */
export async function* exportTrecRun(dir: string): AsyncGenerator<string> {
  let tag = "run";
  for await (const line of readRun(dir)) {
    if (line.kind === "manifest") tag = trecId(line.run, dir);
    if (line.kind !== "retrieval") continue;
    const query = trecId(line.query, dir);
    for (const [rank, [passage, score]] of line.ranking.entries()) {
      yield `${query} Q0 ${trecId(passage, dir)} ${rank + 1} ${score} ${tag}`;
    }
  }
}

function trecId(id: string, dir: string): string {
  if (!/\s/.test(id)) return id;
  const fix = "rename it in the dataset; a TREC run file separates its columns by white space";
  throw new DataError([
    { code: "E_TREC_ID", where: dir, expected: "ids without white space", got: quoteValue(id), fix },
  ]);
}
