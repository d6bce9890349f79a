import { Type } from "@sinclair/typebox";
import { rowsOrArray } from "./rows-or-array.ts";
import type { Target } from "./target.ts";

const Page = Type.Object(
  {
    source: Type.String({ minLength: 1, description: "the page's address: what identifies it" }),
    text: Type.String({ description: "the page's text" }),
    title: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  },
  { additionalProperties: true },
);

interface Held {
  readonly texts: string[];
  readonly title: string | null | undefined;
  readonly metadata: Record<string, unknown>;
}

/**
 * Reads LocalRQA's `docs.jsonl`. Rows of one source are sections of one document and are joined with an empty line
 * between, in file order; keys other than source, title and text become metadata. The pages are held.
 */
export async function localrqaDocuments(
  path: string,
  target: Pick<Target, "document">,
  note: (text: string) => void,
): Promise<void> {
  const pages = new Map<string, Held>();
  for await (const { source, text, title, ...metadata } of rowsOrArray(path, Page, note)) {
    const held = pages.get(source);
    if (held) held.texts.push(text);
    else pages.set(source, { texts: [text], title, metadata });
  }
  for (const [source, { texts, title, metadata }] of pages) {
    await target.document({
      _id: source,
      text: texts.join("\n\n"),
      ...(title ? { title } : {}),
      ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    });
  }
}
