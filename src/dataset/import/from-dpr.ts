import { type Static, Type } from "@sinclair/typebox";
import { fitsQrels } from "../read-qrels.ts";
import type { SplitFile } from "./from-beir.ts";
import { rowsOrArray } from "./rows-or-array.ts";
import type { Target } from "./target.ts";
import { Repetitions, textId } from "./text-id.ts";

const Id = Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()]));
const Context = Type.Object(
  {
    title: Type.String({ description: "the title of the page" }),
    text: Type.String({ description: "the passage's text" }),
    passage_id: Id,
    psg_id: Id,
  },
  { additionalProperties: true },
);
const Contexts = Type.Array(Context, { description: "passages with title and text" });
const DprRow = Type.Object(
  {
    question: Type.String({ description: "the question" }),
    answers: Type.Optional(Type.Array(Type.String(), { description: "the accepted answers" })),
    dataset: Type.Optional(Type.String()),
    positive_ctxs: Contexts,
    negative_ctxs: Type.Optional(Contexts),
    hard_negative_ctxs: Type.Optional(Contexts),
  },
  { additionalProperties: true },
);
type Context = Static<typeof Context>;

/**
 * Reads DPR's relevance files (`biencoder-nq-dev.json`, also `.gz`). All contexts become passages under their passage ids,
 * their document the title; positive ones are judged with grade 1, negative ones are kept in the query's metadata as
 * `hard_negatives` and `negatives`. One question is held at a time, and the passages' ids.
 */
export async function importDpr(files: readonly SplitFile[], target: Target): Promise<void> {
  const passages = new Set<string>();
  const ids = new Repetitions();
  for (const { split, path } of files) {
    target.split(split);
    for await (const row of rowsOrArray(path, DprRow, (text) => target.notes.push(text))) {
      const gold = await write(row.positive_ctxs);
      const hard = await write(row.hard_negative_ctxs ?? []);
      const other = await write(row.negative_ctxs ?? []);
      const text = row.question.trim();
      const answers = [...new Set((row.answers ?? []).map((answer) => answer.trim()))].filter(
        (answer) => answer !== "",
      );
      const document = row.positive_ctxs[0]?.title;
      const metadata = {
        ...(row.dataset === undefined ? {} : { dataset: row.dataset }),
        ...(hard.length === 0 ? {} : { hard_negatives: hard }),
        ...(other.length === 0 ? {} : { negatives: other }),
      };
      if (gold.length === 0) target.notes.push(`${path}: a question without a positive passage: ${text.slice(0, 80)}`);
      const id = ids.next(textId(text, [split, text, gold]));
      await target.query({
        _id: id,
        text,
        ...(answers.length === 0 ? {} : { answers }),
        ...(document ? { document } : {}),
        split,
        ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      });
      for (const passage of gold) await target.judgement(split, id, passage, 1);
    }
  }

  async function write(contexts: readonly Context[]): Promise<string[]> {
    const written = new Set<string>();
    for (const context of contexts) {
      const id = passageId(context);
      written.add(id);
      if (passages.has(id)) continue;
      passages.add(id);
      const { title, text } = context;
      await target.passage({ _id: id, ...(title === "" ? {} : { title, document: title }), text });
    }
    return [...written];
  }
}

function passageId({ passage_id, psg_id, title, text }: Context): string {
  const id = String(passage_id ?? psg_id ?? "");
  return id !== "" && fitsQrels(id) ? id : textId(title, [title, text]);
}
