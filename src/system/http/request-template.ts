import Handlebars from "handlebars";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { printable, quoteValue } from "../../lib/text.ts";

/** What templates of one kind of request may name. */
export interface TemplateValues<From> {
  /** The names, for messages. */
  readonly said: string;
  readonly names: ReadonlySet<string>;
  /** The name under which the question is sent, for messages. */
  readonly question: string;
  /** Requests that hold {@link HOSTILE} wherever a user's text can be. */
  readonly probes: readonly From[];
  values(from: From): object;
}

export type Template<From> = (from: From) => string;

/** All that JSON escapes. */
export const HOSTILE = 'a "question"\\\n\u0001 {{k}}';

/** The helpers and words of every template. */
const HELPERS = "length json if unless each with lookup".split(" ");
/** @param names separated by spaces */
export const templateNames = (names: string): ReadonlySet<string> => new Set([...names.split(" "), ...HELPERS]);

const handlebars = Handlebars.create();
handlebars.registerHelper("json", (value: unknown) => JSON.stringify(value ?? null));

/**
 * Compiles a Handlebars template of a request. `{{json question}}` writes a value as JSON, with its quotation marks.
 * @param place the template, for messages
 * @throws DataError when it does not compile or names an unknown value
 */
export function requestTemplate<From>(
  template: string,
  place: string,
  { said, names, probes, values }: TemplateValues<From>,
): Template<From> {
  const source = apart(template);
  const render = handlebars.compile(source, { strict: true, noEscape: true });
  const made: Template<From> = (from) => render(values(from));
  try {
    const unknown = unknownNames(source, place, said, names);
    if (unknown.length > 0) throw new DataError(unknown);
    for (const probe of probes) made(probe);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const got = quoteValue((error as Error).message.split("\n")[0]);
    throw problem(place, "a Handlebars template", got, "correct the template");
  }
  return made;
}

/**
 * As {@link requestTemplate}, for a body of JSON: a question with quotation marks and line feeds in it is tried, so that a
 * value that is not written with `json` is found here and not at such a question.
 */
export function jsonTemplate<From>(template: string, place: string, values: TemplateValues<From>): Template<From> {
  const made = requestTemplate(template, place, values);
  for (const probe of values.probes) {
    const body = made(probe);
    try {
      if (holds(JSON.parse(body), HOSTILE)) continue;
    } catch (error) {
      const got = printable((error as Error).message.replace(/[\s\S]*?(Unexpected|Expected|Bad|in JSON)/, "$1"));
      const fix = `write values with json: {{json ${values.question}}}, without quotation marks around it`;
      throw problem(place, "a template that gives JSON whatever the question", quoteValue(got), fix);
    }
    const fix = `write {{json ${values.question}}} where the question goes`;
    throw problem(place, "a template that sends the question as it is", "one that does not", fix);
  }
  return made;
}

/** Whether a JSON value holds a text, alone or inside a longer one. */
function holds(value: unknown, text: string): boolean {
  if (typeof value === "string") return value.includes(text);
  return value !== null && typeof value === "object" && Object.values(value).some((inner) => holds(inner, text));
}

/** Handlebars takes three braces for one tag, but in JSON the third is an object's: `{"k": {{k}}}`. */
function apart(template: string): string {
  return template.replace(/\{(?=\{\{[^{])/g, "{ ").replace(/\}\}(?=\})/g, "}} ");
}

function unknownNames(template: string, place: string, said: string, names: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = [];
  const visitor = new Handlebars.Visitor();
  visitor.PathExpression = ({ parts, original, data }) => {
    if (data || parts.every((part) => names.has(String(part)) || /^\d+$/.test(String(part)))) return;
    const got = `{{${printable(original)}}}`;
    problems.push(...problem(place, `only the values ${said}`, got, "use one of these names or remove it").problems);
  };
  visitor.accept(Handlebars.parse(template));
  return problems;
}

function problem(where: string, expected: string, got: string, fix: string): DataError {
  return new DataError([{ code: "E_SYSTEM_TEMPLATE", where, expected, got, fix }]);
}
