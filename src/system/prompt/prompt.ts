import { compileTemplate, showsValue, type TemplateLanguage } from "../../config/template.ts";
import type { AnswerRequest } from "../../core/contracts.ts";
import { DEFAULT_TAG, PASSAGE_LAYOUTS } from "./passage-layouts.ts";

/** A request → the text of the user message. */
export type Prompt = (request: AnswerRequest) => string;

const LANGUAGE: TemplateLanguage = {
  names: ["question", "condition", "passages", "number", "title", "text", "history", "role", "content", "user"],
  about: "question, condition, passages (each with number, title, text) and history (each with role, content, user)",
  helpers: PASSAGE_LAYOUTS,
  taggers: new Map([["tagged", DEFAULT_TAG]]),
};

const PROBE_PASSAGE = { id: "p", document: "d", text: "text" };
const PROBES: readonly AnswerRequest[] = [
  { query: { id: "q", text: "question" }, passages: [], condition: "closed-book", trial: 0 },
  {
    query: { id: "q", text: "question", history: [{ role: "user", content: "before" }] },
    passages: [PROBE_PASSAGE, { ...PROBE_PASSAGE, title: "title" }],
    condition: "rag@2",
    trial: 0,
  },
];

/**
 * Compiles a Handlebars prompt. It sees {{question}}, {{condition}}, {{#each passages}} with {{number}} (from 1, best first),
 * {{title}} and {{text}}, and {{#each history}} with {{role}}, {{content}} and {{#if user}}; `PASSAGE_LAYOUTS` has helpers that
 * write all passages. Values are put in as they are, but cannot open or close a tag that the template itself writes, nor one of a
 * helper.
 * @param where the file, for messages
 * @throws DataError as `compileTemplate` does
 */
export function compilePrompt(text: string, where: string): Prompt {
  const probes = PROBES.map((probe) => valuesOf(probe, (value) => value));
  const { render, guard } = compileTemplate(text, where, LANGUAGE, probes);
  return (request) => render(valuesOf(request, guard));
}

/** Whether a template shows what was said before the question. */
export function showsHistory(text: string): boolean {
  return showsValue(text, "history");
}

function valuesOf({ query, passages, condition }: AnswerRequest, guard: (value: string) => string): object {
  return {
    question: guard(query.text),
    condition,
    passages: passages.map(({ title = "", text }, at) => ({ number: at + 1, title: guard(title), text: guard(text) })),
    history: (query.history ?? []).map(({ role, content }) => ({
      role,
      content: guard(content),
      user: role === "user",
    })),
  };
}
