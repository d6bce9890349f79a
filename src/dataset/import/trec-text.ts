import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { ReadLinesOptions } from "../../lib/jsonl.ts";
import { lineProblem, textLines } from "../read-rows.ts";

/** One record of a text collection: its id, and its fields by upper-case name. */
export interface TrecRecord {
  readonly id: string;
  readonly fields: ReadonlyMap<string, string>;
}

export type Encoding = NonNullable<ReadLinesOptions["encoding"]>;

/** UTF-8 when the whole file is UTF-8, else Latin-1, as old collections are. */
export async function encodingOf(path: string): Promise<Encoding> {
  for await (const line of textLines(path)) if ("error" in line && line.error === "not-utf8") return "latin1";
  return "utf8";
}

/** The first line that holds something, or "" when none does. */
export async function firstLine(path: string): Promise<string> {
  for await (const text of plainLines(path, "latin1")) if (text.trim() !== "") return text.trim();
  return "";
}

/** @throws DataError at a line that is too long */
export async function* plainLines(path: string, encoding: Encoding): AsyncGenerator<string> {
  for await (const line of textLines(path, { encoding })) {
    if ("error" in line) throw new DataError([lineProblem(path, line)]);
    yield line.text;
  }
}

/**
 * Records in SMART's form (cranfield, CACM, Medline): `.I id`, then fields `.T`, `.A`, `.B`, `.W` … each on lines of
 * their own. The lines of a field are joined by line feeds; a field that comes twice goes on.
 */
export async function* smartRecords(path: string, encoding: Encoding): AsyncGenerator<TrecRecord> {
  let id: string | undefined;
  let fields = new Map<string, string[]>();
  let lines: string[] | undefined;
  const record = (): TrecRecord => ({ id: id!, fields: new Map([...fields].map(([k, v]) => [k, v.join("\n")])) });
  for await (const text of plainLines(path, encoding)) {
    const start = /^\.I\s+(\S+)\s*$/.exec(text);
    const field = /^\.([A-Z])\s*$/.exec(text);
    if (start) {
      if (id !== undefined) yield record();
      id = start[1]!;
      fields = new Map();
      lines = undefined;
    } else if (field) {
      lines = fields.get(field[1]!) ?? [];
      fields.set(field[1]!, lines);
    } else lines?.push(text);
  }
  if (id !== undefined) yield record();
}

/**
 * Records in TREC's SGML: `<DOC>` … `</DOC>` with `<DOCNO>` (or an `id` in the start tag), or `<top>` … `</top>` with
 * `<num>`. Tags inside a field are dropped, the common entities decoded; a field that comes twice goes on. One record
 * is held at a time.
 * @throws DataError when a record has no end: the file was cut off, or what follows would be lost in it
 */
export async function* sgmlRecords(path: string, encoding: Encoding, tag: "DOC" | "TOP"): AsyncGenerator<TrecRecord> {
  const start = new RegExp(`^\\s*<${tag}[\\s>]`, "i");
  const end = new RegExp(`</${tag}>\\s*$`, "i");
  let lines: string[] | undefined;
  let number = 0;
  let startedAt = 0;
  for await (const text of plainLines(path, encoding)) {
    number += 1;
    if (start.test(text)) {
      if (lines !== undefined) throw new DataError([noEnd(`${path}:${startedAt}`, tag)]);
      lines = [];
      startedAt = number;
    }
    lines?.push(text);
    if (lines !== undefined && end.test(text)) {
      yield tag === "DOC" ? documentRecord(lines.join("\n")) : topicRecord(lines.join("\n"));
      lines = undefined;
    }
  }
  if (lines !== undefined) throw new DataError([noEnd(`${path}:${startedAt}`, tag)]);
}

function noEnd(where: string, tag: string): Problem {
  const expected = `a record that ends with </${tag}>`;
  return { code: "E_IMPORT_FORMAT", where, expected, got: "no end", fix: "restore the file: a part of it is missing" };
}

function documentRecord(text: string): TrecRecord {
  const fields = sgmlFields(text);
  const attribute = /^\s*<DOC\s[^>]*\bid\s*=\s*"([^"]*)"/i.exec(text)?.[1];
  return { id: (fields.get("DOCNO") ?? attribute ?? "").trim(), fields };
}

function topicRecord(text: string): TrecRecord {
  const fields = topicFields(text);
  return { id: (fields.get("NUM") ?? "").replace(/^\s*Number:/i, "").trim(), fields };
}

function sgmlFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  const body = text.replace(/^\s*<DOC[^>]*>/i, "");
  for (const match of body.matchAll(/<([A-Za-z][\w-]*)[^>]*>([\s\S]*?)<\/\1\s*>/g)) {
    append(fields, match[1]!, plain(match[2]!));
  }
  return fields;
}

/** In topics a field often has no end tag: it lasts to the next field. */
function topicFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const match of text.matchAll(
    /<(num|title|desc|narr|query)>([\s\S]*?)(?=<\/?(?:num|title|desc|narr|query|top)>)/gi,
  )) {
    append(
      fields,
      match[1]!,
      plain(match[2]!)
        .replace(/^\s*(Topic|Description|Narrative):/i, "")
        .trim(),
    );
  }
  return fields;
}

function append(fields: Map<string, string>, name: string, text: string): void {
  const key = name.toUpperCase();
  const before = fields.get(key);
  fields.set(key, before === undefined ? text : `${before}\n${text}`);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", " "],
]);

function plain(sgml: string): string {
  return sgml
    .replace(/<[^>]*>/g, " ")
    .replace(/&(\w+);/g, (whole, name: string) => ENTITIES.get(name.toLowerCase()) ?? whole)
    .trim();
}
