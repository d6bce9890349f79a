import type Handlebars from "handlebars";

/** A passage as a template sees it. */
export interface PromptPassage {
  readonly number: number;
  readonly title: string;
  readonly text: string;
}

/** The tag of `tagged` when the template names none: that of RAFT's records. */
export const DEFAULT_TAG = "DOCUMENT";
const TAG = /^[A-Za-z][\w-]*$/;

/**
 * The helpers that write all passages in a common layout, each with the title on a line of its own unless `title=false`:
 * - `{{numbered passages}}`: `[1] text`, a blank line between, for answers that cite numbers
 * - `{{tagged passages}}`: `<DOCUMENT>text</DOCUMENT>`, a line end after each; another tag as `{{tagged passages "source"}}`
 * - `{{plain passages}}`: the texts, a blank line between
 */
export const PASSAGE_LAYOUTS: Readonly<Record<string, Handlebars.HelperDelegate>> = {
  numbered: (...args: unknown[]) => {
    const { passages, body } = read("numbered", args);
    return passages.map((passage) => `[${passage.number}] ${body(passage)}`).join("\n\n");
  },
  tagged: (...args: unknown[]) => {
    const { passages, body, more } = read("tagged", args);
    const tag = more[0] ?? DEFAULT_TAG;
    if (typeof tag !== "string" || !TAG.test(tag)) throw new Error("tagged: the tag is a name of letters and digits");
    return passages.map((passage) => `<${tag}>${body(passage)}</${tag}>\n`).join("");
  },
  plain: (...args: unknown[]) => {
    const { passages, body } = read("plain", args);
    return passages.map(body).join("\n\n");
  },
};

interface Layout {
  readonly passages: readonly PromptPassage[];
  readonly more: readonly unknown[];
  readonly body: (passage: PromptPassage) => string;
}

/** @throws Error when the helper was not called with the passages: it becomes a problem of the template */
function read(name: string, args: readonly unknown[]): Layout {
  const { hash } = args.at(-1) as Handlebars.HelperOptions;
  const [passages, ...more] = args.slice(0, -1);
  if (!Array.isArray(passages)) throw new Error(`${name}: expected {{${name} passages}}`);
  const titled = hash.title !== false;
  return {
    passages: passages as readonly PromptPassage[],
    more,
    body: ({ title, text }) => (titled && title !== "" ? `${title}\n${text}` : text),
  };
}
