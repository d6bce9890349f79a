import { quoteValue, sliceCodePoints } from "../../lib/text.ts";
import type { Documents } from "../documents.ts";
import type { IdIndex } from "../id-index.ts";
import { PassageRow } from "../row-schema.ts";
import { checkRows, type KnownRows } from "./check-rows.ts";
import { checkText } from "./check-text.ts";
import { error, type Finding, warning } from "./finding.ts";

/**
 * Checks `corpus.jsonl`: rows, ids, empty or damaged text, and spans against the documents where they are at hand.
 * @param cut is filled with the documents that passages were cut from
 */
export function checkCorpus(
  path: string,
  known: KnownRows,
  documents: Documents | undefined,
  cut?: IdIndex,
): AsyncGenerator<Finding> {
  return checkRows(path, PassageRow, known, async function* (row, where) {
    cut?.add(row.document ?? row._id);
    if (row.text.trim() === "") {
      const fix = "remove the passage unless other tools' numbers count it";
      yield warning({ code: "W_DATASET_EMPTY", where: where("/text"), expected: "text", got: "nothing", fix });
    }
    yield* checkText(row.text, () => where("/text"));
    if (row.title !== undefined) yield* checkText(row.title, () => where("/title"));
    yield* checkSpan(row, where, documents);
  });
}

async function* checkSpan(
  { _id, text, document, start, end }: PassageRow,
  where: (pointer: string) => string,
  documents: Documents | undefined,
): AsyncGenerator<Finding> {
  const code = "E_DATASET_SPAN";
  if ((start === undefined) !== (end === undefined)) {
    const [has, lacks] = start === undefined ? ["end", "start"] : ["start", "end"];
    const fix = `add "${lacks}" or remove "${has}"`;
    yield error({ code, where: where(`/${has}`), expected: '"start" and "end" together', got: `only "${has}"`, fix });
    return;
  }
  if (start !== undefined && end !== undefined && start >= end && text !== "") {
    yield error({
      code,
      where: where("/end"),
      expected: `a number above start (${start})`,
      got: `${end}`,
      fix: "correct the span",
    });
    return;
  }
  if (documents === undefined || (document === undefined && start === undefined)) return;
  const page = await documents.text(document ?? _id);
  if (page === undefined) yield unknownDocument(where("/document"), document ?? _id);
  else if (start !== undefined && end !== undefined) {
    const got = sliceCodePoints(page, start, end);
    if (got === text) return;
    const fix = "cut the passages from the page again: it changed, or the span counts bytes or UTF-16 units";
    yield error({
      code,
      where: where("/start"),
      expected: `the passage's text at [${start}, ${end})`,
      got: quoteValue(got),
      fix,
    });
  }
}

/** A judged document that no passage was cut from, as when a title is written in two ways. */
export function uncutDocument(where: string, id: string): Finding {
  return warning({
    code: "W_DATASET_DOCUMENT",
    where,
    expected: "a document that passages of corpus.jsonl belong to",
    got: quoteValue(id),
    fix: "correct the id or add its passages: what cannot be retrieved counts as missed",
  });
}

/** A document that is referred to and not among the source pages. */
export function unknownDocument(where: string, id: string): Finding {
  return warning({
    code: "W_DATASET_DOCUMENT",
    where,
    expected: 'a document that "documents" of dataset.yaml holds',
    got: quoteValue(id),
    fix: "add the document or correct the id",
  });
}
