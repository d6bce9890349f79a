import { readFileSync } from "node:fs";
import type { Passage } from "../../core/passage.ts";
import { shared } from "../../lib/testing/shared.ts";

/** Passages as a stream, as a dataset gives them. */
export async function* stream(passages: readonly Passage[]): AsyncGenerator<Passage> {
  yield* passages;
}

export interface Corpus {
  readonly passages: readonly Passage[];
  readonly queries: readonly {
    readonly id: string;
    readonly text: string;
    readonly gold?: string;
    readonly split?: string;
  }[];
}

/** Cranfield as `reference/bm25.json` reads it: title lines and abstract lines joined, latin-1, queries numbered by position. */
export function cranfield(): Corpus {
  const documents = records("data/cranfield/cran.all.1400");
  const queries = records("data/cranfield/cran.qry");
  return {
    passages: documents.map(({ id, fields }) => {
      const text = [...(fields.get("T") ?? []), ...(fields.get("W") ?? [])].join("\n");
      return { id, text, document: id };
    }),
    queries: queries.map(({ fields }, at) => ({ id: String(at + 1), text: (fields.get("W") ?? []).join("\n") })),
  };
}

function records(path: string): { id: string; fields: Map<string, string[]> }[] {
  const list: { id: string; fields: Map<string, string[]> }[] = [];
  let lines: string[] | undefined;
  for (const line of readFileSync(shared(path), "latin1").split("\n")) {
    const id = /^\.I\s+(\d+)/.exec(line)?.[1];
    const field = /^\.([TABW])\s*$/.exec(line)?.[1];
    if (id !== undefined) {
      list.push({ id, fields: new Map() });
      lines = undefined;
    } else if (field !== undefined) {
      // One abstract comes in two parts: a field that is repeated goes on.
      const { fields } = list.at(-1)!;
      lines = fields.get(field) ?? [];
      fields.set(field, lines);
    } else if (line !== "" || lines?.length) {
      lines?.push(line);
    }
  }
  return list;
}

export interface FairePassage {
  readonly page_content: string;
  readonly fmt_content: string;
  readonly metadata: { readonly source: string; readonly title: string };
}

/** Faire: 1,757 distinct passages, id = 0-based line number; the 723 questions of its three splits with their gold passage. */
export function faire(field: (passage: FairePassage) => { text: string; title?: string }): Corpus {
  const key = (p: FairePassage): string => JSON.stringify([p.metadata.source, p.page_content]);
  const idOf = new Map<string, string>();
  const passages: Passage[] = [];
  for (const [line, passage] of jsonl<FairePassage>("data/localrqa-faire/passages.jsonl").entries()) {
    if (idOf.has(key(passage))) continue;
    idOf.set(key(passage), String(line));
    passages.push({ id: String(line), document: passage.metadata.source, ...field(passage) });
  }
  const queries = ["eval", "test", "train"].flatMap((split) =>
    jsonl<{ question: string; gold_docs: FairePassage[] }>(`data/localrqa-faire/${split}_w_qa.jsonl`).map(
      (row, at) => ({
        id: String(at),
        text: row.question,
        gold: idOf.get(key(row.gold_docs[0]!))!,
        split,
      }),
    ),
  );
  return { passages, queries };
}

export function jsonl<T>(path: string): T[] {
  return readFileSync(shared(path), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}
