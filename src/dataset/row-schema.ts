import { type Static, Type } from "@sinclair/typebox";

const Id = (description: string) => Type.String({ minLength: 1, description });
const Position = (description: string) => Type.Integer({ minimum: 0, description });
const Metadata = Type.Optional(
  Type.Object({}, { additionalProperties: true, description: "anything else that is known of the row, as an object" }),
);

/** A line of `corpus.jsonl`. */
export const PassageRow = Type.Object(
  {
    _id: Id("the passage's id, a string that no other passage has"),
    text: Type.String({ description: "the passage's text" }),
    title: Type.Optional(Type.String({ description: "the title of the page or section" })),
    document: Type.Optional(Id("the id of the document the passage was cut from")),
    start: Type.Optional(Position("where the passage starts in its document, in Unicode code points from 0")),
    end: Type.Optional(Position("where the passage ends in its document (exclusive), in Unicode code points")),
    metadata: Metadata,
  },
  { additionalProperties: false },
);
export type PassageRow = Static<typeof PassageRow>;

const TurnRow = Type.Object(
  {
    role: Type.Union([Type.Literal("user"), Type.Literal("assistant")], { description: "user or assistant" }),
    content: Type.String({ description: "what was said" }),
  },
  { additionalProperties: false },
);

/** A line of `queries.jsonl`. */
export const QueryRow = Type.Object(
  {
    _id: Id("the query's id, a string that no other query has"),
    text: Type.String({ description: "the question" }),
    answers: Type.Optional(
      Type.Array(Type.String({ description: "an accepted answer, as a string" }), {
        description: 'the accepted answers, for example ["Paris"]',
      }),
    ),
    answerable: Type.Optional(Type.Boolean({ description: "true or false: whether the documents hold the answer" })),
    tags: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description: "labels such as [lookup, numeric]" })),
    history: Type.Optional(Type.Array(TurnRow, { description: "the messages before the question, oldest first" })),
    document: Type.Optional(Id("the id of the document the question was written from")),
    split: Type.Optional(Id("the name of the split the query belongs to")),
    metadata: Metadata,
  },
  { additionalProperties: false },
);
export type QueryRow = Static<typeof QueryRow>;

/** A line of `qrels/<split>.spans.jsonl`: which stretch of a document answers the query, however it is cut. */
export const SpanRow = Type.Object(
  {
    query: Id("the id of the query"),
    document: Id("the id of the document"),
    start: Position("where the stretch starts, in Unicode code points from 0"),
    end: Position("where the stretch ends (exclusive), in Unicode code points"),
    grade: Type.Integer({ description: "how relevant it is: a whole number, 1 or more for relevant" }),
    text: Type.Optional(Type.String({ description: "the stretch itself, to notice when the page changes" })),
  },
  { additionalProperties: false },
);
export type SpanRow = Static<typeof SpanRow>;

/** A line of a JSONL file of source documents. */
export const DocumentRow = Type.Object(
  {
    _id: Id("the document's id"),
    text: Type.String({ description: "the document's text" }),
    title: Type.Optional(Type.String({ description: "the document's title" })),
    metadata: Metadata,
  },
  { additionalProperties: false },
);
export type DocumentRow = Static<typeof DocumentRow>;
