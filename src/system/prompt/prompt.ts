import Handlebars from "handlebars";
import type { AnswerRequest } from "../../core/contracts.ts";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { printable, quoteValue } from "../../lib/text.ts";
import { guardTags } from "./guard-tags.ts";
import { DEFAULT_TAG, PASSAGE_LAYOUTS } from "./passage-layouts.ts";

/** A request → the text of the user message. */
export type Prompt = (request: AnswerRequest) => string;

const VALUES =
  "question, condition, passages (each with number, title, text) and history (each with role, content, user)";

const engine = Handlebars.create();
engine.registerHelper(PASSAGE_LAYOUTS);

const NAMES: ReadonlySet<string> = new Set(
  (
    "question condition passages number title text history role content user length " + // values
    "if unless each with lookup numbered tagged plain"
  ).split(" "),
);

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
 * helper. A name it does not know is an error, found here and not at the first question.
 * @param where the file, for messages
 * @throws DataError when the template does not compile or names an unknown value
 */
export function compilePrompt(template: string, where: string): Prompt {
  const tags = new Set<string>();
  const problems = inspect(template, where, tags);
  if (problems.length > 0) throw new DataError(problems);
  const guard = guardTags(template, tags);
  const render = engine.compile(template, { strict: true, noEscape: true });
  const prompt: Prompt = ({ query, passages, condition }) =>
    render({
      question: guard(query.text),
      condition,
      passages: passages.map(({ title = "", text }, at) => ({
        number: at + 1,
        title: guard(title),
        text: guard(text),
      })),
      history: (query.history ?? []).map(({ role, content }) => ({
        role,
        content: guard(content),
        user: role === "user",
      })),
    }).trim();
  for (const probe of PROBES) {
    try {
      prompt(probe);
    } catch (error) {
      throw new DataError([problemOf(error, where)], { cause: error });
    }
  }
  return prompt;
}

/** Whether a template shows what was said before the question. */
export function showsHistory(template: string): boolean {
  let shown = false;
  const visitor = new Handlebars.Visitor();
  visitor.PathExpression = ({ parts }) => {
    shown ||= parts[0] === "history";
  };
  visitor.accept(Handlebars.parse(template));
  return shown;
}

/**
 * Every name of the template that is neither a value nor a helper, also in branches that no probe takes.
 * @param tags gets the tags that helpers write
 */
function inspect(template: string, where: string, tags: Set<string>): Problem[] {
  const problems: Problem[] = [];
  const visitor = new Handlebars.Visitor();
  visitor.PathExpression = ({ parts, original, data, loc }) => {
    if (data || parts.every((part) => NAMES.has(String(part)) || /^\d+$/.test(String(part)))) return;
    problems.push({
      code: "E_PROMPT",
      where: `${where}:${loc.start.line}`,
      expected: `only the values ${VALUES}`,
      got: `{{${printable(original)}}}`,
      fix: "use one of these names or remove it",
    });
  };
  visitor.MustacheStatement = (statement) => {
    Handlebars.Visitor.prototype.MustacheStatement.call(visitor, statement);
    if ((statement.path as hbs.AST.PathExpression).original !== "tagged") return;
    const [, tag] = statement.params;
    if (tag === undefined) tags.add(DEFAULT_TAG);
    else if (tag.type === "StringLiteral") tags.add((tag as hbs.AST.StringLiteral).value);
    else {
      problems.push({
        code: "E_PROMPT",
        where: `${where}:${statement.loc.start.line}`,
        expected: "the name of the tag in quotes, so that no passage can close it",
        got: "a value",
        fix: 'write for example {{tagged passages "source"}}',
      });
    }
  };
  try {
    visitor.accept(Handlebars.parse(template));
  } catch (error) {
    return [problemOf(error, where)];
  }
  return problems;
}

function problemOf(error: unknown, where: string): Problem {
  const [first = "", ...rest] = (error instanceof Error ? error.message : String(error)).split("\n");
  const line = /on line (\d+)/.exec(first)?.[1];
  return {
    code: "E_PROMPT",
    where: line === undefined ? where : `${where}:${line}`,
    expected: "a Handlebars template",
    got: quoteValue([first, rest.at(-1)].filter(Boolean).join(" ")),
    fix: "correct the template",
  };
}
