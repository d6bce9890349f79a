import Handlebars from "handlebars";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { Query } from "../../core/query.ts";
import { printable, quoteValue } from "../../lib/text.ts";

/** A question and how many passages are wanted → a text. */
export type RequestTemplate = (query: Query, k: number) => string;

const VALUES = "query, id, k and history (each with role, content)";
const NAMES: ReadonlySet<string> = new Set(
  "query id k history role content length json if unless each with lookup".split(" "),
);
/** All that JSON escapes. */
const HOSTILE = 'a "question"\\\n\u0001 {{k}}';
const PROBES: readonly Query[] = [
  { id: HOSTILE, text: HOSTILE },
  { id: "q", text: HOSTILE, history: [{ role: "user", content: HOSTILE }] },
];

const handlebars = Handlebars.create();
handlebars.registerHelper("json", (value: unknown) => JSON.stringify(value ?? null));

/**
 * Compiles a Handlebars template of a request: {{query}}, {{id}}, {{k}}, {{#each history}} with {{role}} and {{content}}.
 * `{{json query}}` writes a value as JSON, with its quotation marks.
 * @param place the template, for messages
 * @throws DataError when it does not compile or names an unknown value
 */
export function requestTemplate(template: string, place: string): RequestTemplate {
  const source = apart(template);
  const render = handlebars.compile(source, { strict: true, noEscape: true });
  const made: RequestTemplate = ({ text, id, history = [] }, k) =>
    render({ query: text, id, k, history: history.map(({ role, content }) => ({ role, content })) });
  try {
    const unknown = unknownNames(source, place);
    if (unknown.length > 0) throw new DataError(unknown);
    for (const probe of PROBES) made(probe, 10);
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
export function jsonTemplate(template: string, place: string): RequestTemplate {
  const made = requestTemplate(template, place);
  for (const probe of PROBES) {
    const body = made(probe, 10);
    try {
      if (holds(JSON.parse(body), HOSTILE)) continue;
    } catch (error) {
      const got = printable((error as Error).message.replace(/[\s\S]*?(Unexpected|Expected|Bad|in JSON)/, "$1"));
      const fix = "write values with json: {{json query}}, without quotation marks around it";
      throw problem(place, "a template that gives JSON whatever the question", quoteValue(got), fix);
    }
    const fix = "write {{json query}} where the question goes";
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

function unknownNames(template: string, place: string): Problem[] {
  const problems: Problem[] = [];
  const visitor = new Handlebars.Visitor();
  visitor.PathExpression = ({ parts, original, data }) => {
    if (data || parts.every((part) => NAMES.has(String(part)) || /^\d+$/.test(String(part)))) return;
    const got = `{{${printable(original)}}}`;
    problems.push(...problem(place, `only the values ${VALUES}`, got, "use one of these names or remove it").problems);
  };
  visitor.accept(Handlebars.parse(template));
  return problems;
}

function problem(where: string, expected: string, got: string, fix: string): DataError {
  return new DataError([{ code: "E_SYSTEM_TEMPLATE", where, expected, got, fix }]);
}
