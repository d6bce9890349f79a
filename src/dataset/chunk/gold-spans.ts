import { existsSync } from "node:fs";
import { sliceCodePoints } from "../../lib/text.ts";
import type { Dataset, DatasetPassage } from "../dataset.ts";
import { layoutOf } from "../layout.ts";
import { openPassageStore } from "../passage-store.ts";
import { readQrels } from "../read-qrels.ts";
import { strict } from "../read-rows.ts";
import type { SpanRow } from "../row-schema.ts";
import { codePointCounter } from "./code-points.ts";
import type { SourceDocuments } from "./source-documents.ts";

/** A judged passage whose text does not stand in its document, so that its judgement has no place there. */
export interface LostGold {
  readonly split: string;
  readonly query: string;
  readonly passage: string;
}

/**
 * The judgements of a split as spans of documents, which outlive any chunking: those it has, or else the places of its
 * judged passages. A passage that does not know its place is looked for, letter by letter, in its document; the first
 * place counts.
 * @param lost is called for each judged passage that is not found there
 */
export async function* goldSpans(
  dataset: Dataset,
  split: string,
  documents: SourceDocuments,
  lost: (gold: LostGold) => void,
): AsyncGenerator<SpanRow> {
  const layout = layoutOf(dataset.dir);
  if (existsSync(layout.spans(split))) {
    yield* dataset.spans(split);
    return;
  }
  if (!existsSync(layout.qrels(split))) return;
  const passages = await openPassageStore(dataset);
  try {
    for await (const { query, target, grade } of strict(readQrels(layout.qrels(split)))) {
      const [passage] = await passages.get([target]);
      const place = passage && placeOf(passage, (await documents.get(passage.document)).text);
      if (place === undefined) lost({ split, query, passage: target });
      else yield { query, document: passage!.document, ...place, grade };
    }
  } finally {
    await passages.close();
  }
}

/** Where a passage stands in its document, in code points; undefined when it does not. */
export function placeOf(
  { text, start, end }: Pick<DatasetPassage, "text" | "start" | "end">,
  document: string,
): { start: number; end: number } | undefined {
  if (start !== undefined && end !== undefined && sliceCodePoints(document, start, end) === text) return { start, end };
  const found = text.trim();
  const at = found === "" ? -1 : document.indexOf(found);
  if (at === -1) return undefined;
  const place = codePointCounter(document);
  return { start: place(at), end: place(at + found.length) };
}
