import { join } from "node:path";
import { IdIndex } from "../id-index.ts";
import { layoutOf, qrelsFiles, splitsOfFiles } from "../layout.ts";
import { fitsQrels, readQrels } from "../read-qrels.ts";
import { strict } from "../read-rows.ts";
import { PassageRow, QueryRow } from "../row-schema.ts";
import { countLines } from "../row-store.ts";
import { adoptRows } from "./adopt.ts";
import type { Target } from "./target.ts";

/** A file of one split. */
export interface SplitFile {
  readonly split: string;
  readonly path: string;
}

/** BEIR: the three files, wherever they lie. */
export interface BeirSource {
  readonly corpus: string;
  readonly queries: string;
  readonly qrels: readonly SplitFile[];
}

/** The files of a BEIR folder. */
export async function beirFolder(dir: string): Promise<BeirSource> {
  const layout = layoutOf(dir);
  const splits = splitsOfFiles(await qrelsFiles(layout));
  const qrels = splits.map((split) => ({ split, path: join(layout.qrelsFolder, `${split}.tsv`) }));
  return { corpus: layout.corpus, queries: layout.queries, qrels };
}

/**
 * Copies a BEIR dataset row by row. Ids are kept; keys that are not ours move into `metadata`. Judgements of unknown
 * passages or queries are left out and counted: trec_eval would count such a passage as relevant and not retrieved.
 * Holds 18 bytes a passage and a query.
 */
export async function importBeir(source: BeirSource, target: Target): Promise<void> {
  const passages = await copyRows(source.corpus, PassageRow, target, (row) => target.passage(row));
  const queries = await copyRows(source.queries, QueryRow, target, (row) => target.query(row));
  for (const { split, path } of source.qrels) {
    target.split(split);
    for await (const { query, target: passage, grade } of strict(readQrels(path))) {
      if (queries.find(query) === -1) target.skip("judgement of an unknown query");
      else if (passages.find(passage) === -1) target.skip("judgement of an unknown passage");
      else await target.judgement(split, query, passage, grade);
    }
  }
}

async function copyRows<T extends typeof PassageRow | typeof QueryRow>(
  path: string,
  schema: T,
  target: Target,
  write: (row: T["static"]) => Promise<void>,
): Promise<IdIndex> {
  const index = new IdIndex(await countLines(path));
  for await (const row of strict(adoptRows(path, schema))) {
    if (!fitsQrels(row._id)) target.skip("id that a qrels file cannot hold");
    else if (index.find(row._id) !== -1) target.skip("id that an earlier row has");
    else {
      index.add(row._id);
      await write(row);
    }
  }
  return index;
}
