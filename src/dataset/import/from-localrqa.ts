import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { DataError } from "../../core/errors.ts";
import { fileError } from "../read-rows.ts";
import type { SplitFile } from "./from-beir.ts";
import { localrqaDocuments } from "./localrqa-documents.ts";
import { rowsOrArray } from "./rows-or-array.ts";
import type { Target } from "./target.ts";
import { Repetitions, textId } from "./text-id.ts";

/** A LocalRQA dataset. */
export interface LocalrqaSource {
  /** JSONL of documents with `page_content` and `metadata.source`. */
  readonly passages: string;
  /** `*_w_qa.jsonl` or `*_w_q.jsonl` of each split. */
  readonly questions: readonly SplitFile[];
  /** `docs.jsonl`, the pages before they were cut. */
  readonly documents?: string;
}

const Open = { additionalProperties: true };
const Chunk = Type.Object(
  {
    page_content: Type.String({ description: "the passage's text" }),
    fmt_content: Type.Optional(Type.String()),
    metadata: Type.Object(
      {
        source: Type.String({ minLength: 1, description: "where the passage comes from, for example its address" }),
        title: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      },
      Open,
    ),
  },
  Open,
);
type Chunk = Static<typeof Chunk>;

const Said = Type.Object(
  {
    speaker: Type.String({ description: "who spoke" }),
    message: Type.String({ description: "what was said" }),
  },
  Open,
);
const QuestionRow = Type.Object(
  {
    question: Type.Optional(Type.String({ description: "the question" })),
    questions: Type.Optional(Type.Array(Type.String(), { description: "the questions" })),
    gold_docs: Type.Array(Chunk, { description: "the passages that hold the answer" }),
    hard_neg_docs: Type.Optional(Type.Array(Chunk)),
    chat_history: Type.Optional(Type.Array(Said)),
    gold_answer: Type.Optional(Type.String({ description: "the reference answer" })),
  },
  Open,
);
type QuestionRow = Static<typeof QuestionRow>;

/**
 * Finds the files of a LocalRQA folder. Of a split that has both, `*_w_qa.jsonl` is taken: it has the answers.
 * @throws DataError when only a pickle of the passages is there: reading one can run any code
 */
export async function localrqaFolder(dir: string): Promise<LocalrqaSource> {
  const files = await readdir(dir).catch((error: unknown) => {
    throw fileError(dir, error);
  });
  const passages = join(dir, "passages.jsonl");
  const pickle = files.find((f) => f.endsWith(".pkl"));
  if (!existsSync(passages) && pickle !== undefined) refusePickle(join(dir, pickle));
  const bySplit = new Map<string, string>();
  for (const file of files.sort()) {
    const match = /^(.+)_w_qa?\.jsonl$/.exec(file);
    if (match) bySplit.set(match[1]!, file); // sorted: `_w_q.` comes before `_w_qa.`
  }
  const questions = [...bySplit].map(([split, file]) => ({ split, path: join(dir, file) }));
  const documents = join(dir, "docs.jsonl");
  return { passages, questions, ...(existsSync(documents) ? { documents } : {}) };
}

/**
 * Reads LocalRQA's passages and questions. A passage is identified by its source and its text, so that one text under
 * two sources is two passages and an exact repetition is one; its document is the source. Gold passages become
 * judgements of grade 1; hard negatives are kept in the query's metadata as `hard_negatives`. Holds the passages' ids.
 */
export async function importLocalrqa(source: LocalrqaSource, target: Target): Promise<void> {
  for (const path of [source.passages, source.documents ?? ""]) if (path.endsWith(".pkl")) refusePickle(path);
  const note = (text: string): void => {
    target.notes.push(text);
  };
  if (source.documents !== undefined) await localrqaDocuments(source.documents, target, note);
  const passages = new Set<string>();
  for await (const chunk of rowsOrArray(source.passages, Chunk, note)) {
    const id = passageId(chunk);
    if (passages.has(id)) target.skip("passage that was there already (same source and text)");
    else {
      passages.add(id);
      await target.passage({ _id: id, text: chunk.page_content, document: chunk.metadata.source, ...about(chunk) });
    }
  }
  const ids = new Repetitions();
  for (const { split, path } of source.questions) {
    target.split(split);
    if (path.endsWith("_w_q.jsonl")) note(`${path} has no reference answers`);
    for await (const row of rowsOrArray(path, QuestionRow, note)) {
      if (row.gold_docs.some((chunk) => !passages.has(passageId(chunk))))
        target.skip("question whose gold passage is not among the passages");
      else
        for (const question of row.question === undefined ? (row.questions ?? []) : [row.question])
          await writeQuestion(question, row, split);
    }
  }

  async function writeQuestion(question: string, row: QuestionRow, split: string): Promise<void> {
    const gold = [...new Set(row.gold_docs.map(passageId))];
    const negatives = [...new Set((row.hard_neg_docs ?? []).map(passageId))];
    const id = ids.next(textId(question, [split, question, gold]));
    const history = (row.chat_history ?? []).map((turn) => ({ role: roleOf(turn.speaker), content: turn.message }));
    await target.query({
      _id: id,
      text: question,
      ...(row.gold_answer === undefined ? {} : { answers: [row.gold_answer.trim()] }),
      ...(history.length === 0 ? {} : { history }),
      ...(row.gold_docs[0] === undefined ? {} : { document: row.gold_docs[0].metadata.source }),
      split,
      ...(negatives.length === 0 ? {} : { metadata: { hard_negatives: negatives } }),
    });
    for (const passage of gold) await target.judgement(split, id, passage, 1);
  }
}

function passageId({ page_content, metadata }: Chunk): string {
  const label = metadata.source.replace(/[?#].*$/, "").replace(/\/+$/, "");
  return textId(label.slice(label.lastIndexOf("/") + 1), [metadata.source, page_content]);
}

/** What LocalRQA says of a passage besides its text; `fmt_content` only where it is not the usual three lines. */
function about({ page_content, fmt_content, metadata }: Chunk): { title?: string; metadata?: Record<string, unknown> } {
  const { source, title, ...rest } = metadata;
  const usual = `Source: ${source}\nTitle: ${title ?? ""}\nContent:\n${page_content}`;
  const kept: Record<string, unknown> = { ...rest };
  if (fmt_content !== undefined && fmt_content !== usual) kept.fmt_content = fmt_content;
  return { ...(title ? { title } : {}), ...(Object.keys(kept).length > 0 ? { metadata: kept } : {}) };
}

function roleOf(speaker: string): "user" | "assistant" {
  return /^(user|human)$/i.test(speaker) ? "user" : "assistant";
}

function refusePickle(where: string): never {
  const fields = "{'page_content': d.page_content, 'fmt_content': d.fmt_content, 'metadata': d.metadata}";
  const program = `import json, pickle; [print(json.dumps(${fields})) for d in pickle.load(open('documents.pkl', 'rb'))]`;
  throw new DataError([
    {
      code: "E_IMPORT_PICKLE",
      where,
      expected: "the passages as JSON lines",
      got: "a Python pickle, which can run any code when it is read",
      fix: `if you trust the file, write it as JSON lines where LocalRQA is installed: python3 -c "${program}" > passages.jsonl`,
    },
  ]);
}
