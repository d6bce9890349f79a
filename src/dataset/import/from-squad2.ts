import { readFile } from "node:fs/promises";
import { type Static, Type } from "@sinclair/typebox";
import { validate } from "../../config/validate.ts";
import { DataError } from "../../core/errors.ts";
import { fitsQrels } from "../read-qrels.ts";
import { fileError } from "../read-rows.ts";
import type { SplitFile } from "./from-beir.ts";
import type { Target } from "./target.ts";
import { textId } from "./text-id.ts";

const Answers = Type.Array(Type.Object({ text: Type.String() }, { additionalProperties: true }));
const Question = Type.Object(
  {
    id: Type.String({ minLength: 1, description: "the question's id" }),
    question: Type.String({ description: "the question" }),
    answers: Type.Optional(Answers),
    is_impossible: Type.Optional(Type.Boolean({ description: "true when the paragraph holds no answer" })),
    plausible_answers: Type.Optional(Answers),
  },
  { additionalProperties: true },
);
const Paragraph = Type.Object(
  { context: Type.String({ description: "the paragraph's text" }), qas: Type.Array(Question) },
  { additionalProperties: true },
);
const Squad = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        { title: Type.String({ minLength: 1, description: "the article's title" }), paragraphs: Type.Array(Paragraph) },
        { additionalProperties: true },
      ),
      { description: "the list of articles" },
    ),
  },
  { additionalProperties: true },
);
type Question = Static<typeof Question>;

const SEPARATOR = "\n\n";

/**
 * SQuAD 1.1 and 2.0: a paragraph becomes a passage, an article a document (its paragraphs with an empty line between),
 * the paragraph a question was written from its gold passage with grade 1. Distinct answers are kept in their order. An
 * unanswerable question has no judgement. Each file is one JSON value and is held whole.
 */
export async function importSquad2(files: readonly SplitFile[], target: Target): Promise<void> {
  const passages = new Set<string>();
  const queries = new Set<string>();
  const documents = new Set<string>();
  for (const { split, path } of files) {
    target.split(split);
    for (const { title, paragraphs } of (await readSquad(path)).data) {
      const isNew = !documents.has(title);
      documents.add(title);
      if (isNew)
        await target.document({
          _id: title,
          title: heading(title),
          text: paragraphs.map((p) => p.context).join(SEPARATOR),
        });
      let start = 0;
      for (const { context, qas } of paragraphs) {
        const passage = textId(title, [title, context]);
        const end = start + codePoints(context);
        if (passages.has(passage)) target.skip("paragraph that its article has twice");
        else {
          passages.add(passage);
          const span = isNew ? { start, end } : {};
          await target.passage({ _id: passage, title: heading(title), text: context, document: title, ...span });
        }
        start = end + SEPARATOR.length;
        for (const question of qas) {
          if (!fitsQrels(question.id)) target.skip("id that a qrels file cannot hold");
          else if (queries.has(question.id)) target.skip("question id that an earlier question has");
          else {
            queries.add(question.id);
            await writeQuestion(question, { split, document: title, passage }, target);
          }
        }
      }
    }
  }
}

async function writeQuestion(
  { id, question, answers, is_impossible, plausible_answers }: Question,
  { split, document, passage }: { split: string; document: string; passage: string },
  target: Target,
): Promise<void> {
  const answerable = is_impossible !== true;
  const distinct = [...new Set((answers ?? []).map((a) => a.text))];
  const plausible = [...new Set((plausible_answers ?? []).map((a) => a.text))];
  await target.query({
    _id: id,
    text: question,
    ...(answerable && distinct.length > 0 ? { answers: distinct } : {}),
    ...(is_impossible === undefined ? {} : { answerable }),
    document,
    split,
    ...(plausible.length > 0 ? { metadata: { plausible_answers: plausible } } : {}),
  });
  if (answerable) await target.judgement(split, id, passage, 1);
}

async function readSquad(path: string): Promise<Static<typeof Squad>> {
  let value: unknown;
  try {
    value = JSON.parse((await readFile(path, "utf8")).replace(/^\ufeff/, ""));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw fileError(path, error);
    const fix = "use the file as SQuAD publishes it, for example dev-v2.0.json";
    throw new DataError([{ code: "E_IMPORT_JSON", where: path, expected: "one JSON value", got: error.message, fix }]);
  }
  const checked = validate(Squad, value, "E_IMPORT_ROW", (pointer) => `${path} ${pointer}`.trimEnd());
  if (!checked.ok) throw new DataError(checked.problems.slice(0, 20));
  return checked.value;
}

function heading(title: string): string {
  return title.replaceAll("_", " ");
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
