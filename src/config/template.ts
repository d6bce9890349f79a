import Handlebars from "handlebars";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { printable, quoteValue } from "../lib/text.ts";
import { guardTags } from "./guard-tags.ts";

/** What templates of one kind may name. */
export interface TemplateLanguage {
  /** Every name of a value, one of `each` included. */
  readonly names: readonly string[];
  /** The values in words, for messages. */
  readonly about: string;
  readonly helpers?: Handlebars.HelperDeclareSpec;
  /** Helpers that put their second parameter, a text, around values as a tag, with the tag where it is left out. */
  readonly taggers?: ReadonlyMap<string, string>;
}

/** A template that a user wrote, checked. */
export interface Template {
  /** Fills values in as they are, without escapes; the result is trimmed. */
  render(values: object): string;
  /** Makes a text harmless: it can neither open nor close a tag that the template, or a helper of it, writes. */
  guard(value: string): string;
}

const BUILT_IN = ["if", "unless", "each", "with", "lookup", "length"];

/**
 * Compiles a Handlebars template. A name it does not know is an error, found here, also in a branch that no probe takes, and not
 * at the first question.
 * @param where the file, for messages
 * @param probes values to try it with
 * @throws DataError E_PROMPT when the template does not compile or names an unknown value
 */
export function compileTemplate(
  text: string,
  where: string,
  language: TemplateLanguage,
  probes: readonly object[],
): Template {
  const tags = new Set<string>();
  const problems = inspect(text, where, language, tags);
  if (problems.length > 0) throw new DataError(problems);
  const engine = Handlebars.create();
  engine.registerHelper(language.helpers ?? {});
  const compiled = engine.compile(text, { strict: true, noEscape: true });
  const render = (values: object): string => compiled(values).trim();
  for (const probe of probes) {
    try {
      render(probe);
    } catch (error) {
      throw new DataError([problemOf(error, where)], { cause: error });
    }
  }
  return { render, guard: guardTags(text, tags) };
}

/** Whether a template shows a value of this name. */
export function showsValue(text: string, name: string): boolean {
  let shown = false;
  const visitor = new Handlebars.Visitor();
  visitor.PathExpression = ({ parts }) => {
    shown ||= parts[0] === name;
  };
  visitor.accept(Handlebars.parse(text));
  return shown;
}

/**
 * Every name of the template that is neither a value nor a helper.
 * @param tags gets the tags that helpers write
 */
function inspect(text: string, where: string, language: TemplateLanguage, tags: Set<string>): Problem[] {
  const { names, about, helpers = {}, taggers } = language;
  const known = new Set([...BUILT_IN, ...names, ...Object.keys(helpers)]);
  const problems: Problem[] = [];
  const visitor = new Handlebars.Visitor();
  visitor.PathExpression = ({ parts, original, data, loc }) => {
    if (data || parts.every((part) => known.has(String(part)) || /^\d+$/.test(String(part)))) return;
    problems.push({
      code: "E_PROMPT",
      where: `${where}:${loc.start.line}`,
      expected: `only the values ${about}`,
      got: `{{${printable(original)}}}`,
      fix: "use one of these names or remove it",
    });
  };
  visitor.MustacheStatement = (statement) => {
    Handlebars.Visitor.prototype.MustacheStatement.call(visitor, statement);
    const usual = taggers?.get((statement.path as hbs.AST.PathExpression).original);
    if (usual === undefined) return;
    const [, tag] = statement.params;
    if (tag === undefined) tags.add(usual);
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
    visitor.accept(Handlebars.parse(text));
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
