import type { Problem } from "../core/problem.ts";
import { nearest } from "../lib/nearest.ts";
import { quoteValue } from "../lib/text.ts";
import type { AnswerMetric, Metric, MetricDefinition } from "./define.ts";
import type { ParamSpec, ParamValue, WeightedMetric } from "./params.ts";
import { METRICS } from "./registry.ts";
import { canBeMember, readWeighted, writeWeighted } from "./weighted.ts";

/** What is wrong with a metric's name; whoever read it adds where it stood. */
export type NameProblem = Pick<Problem, "expected" | "got" | "fix">;

export type ParsedMetric =
  | { readonly ok: true; readonly metric: Metric }
  | { readonly ok: false; readonly problem: NameProblem };

const MAX_LENGTH = 200;
const NAME = /^([A-Za-z_][\w-]*)(?:\((.*)\))?(?:@(\S*))?$/;
const PARAM = /^\s*([A-Za-z_]\w*)\s*=\s*(?:'([^']*)'|"([^"]*)"|([^\s'",()=]+))\s*(?:,|$)/;

/**
 * Reads a metric's name: `nDCG@10`, `P(rel=2)@3`, `RBP(p=0.9)`, `ROUGE-L(score=precision, stem=true)`.
 * Text values may stand bare or in quotes. Names are case-sensitive; a near miss is answered with the right one.
 */
export function parseMetric(text: string): ParsedMetric {
  return parseAs(text, METRICS, "the name of a metric");
}

function parseAs(text: string, among: readonly MetricDefinition[], expected: string): ParsedMetric {
  const trimmed = text.trim();
  const match = trimmed.length <= MAX_LENGTH ? NAME.exec(trimmed) : null;
  if (match === null) {
    return problem(expected, trimmed, "write a name with its parameters and cutoff, such as nDCG@10, P(rel=2)@3 or F1");
  }
  const [, name = "", params, at] = match;
  const definition = among.find((d) => d.name === name);
  if (definition === undefined) return problem(expected, trimmed, suggestion(name, among));

  const written = readParams(params ?? "", at);
  if (written === undefined) {
    return problem(`${name} with parameters as key=value`, trimmed, "separate parameters by commas: P(rel=2)@3");
  }
  const values = new Map<string, ParamValue>();
  const metrics = new Map<string, AnswerMetric | readonly WeightedMetric[]>();
  for (const [key, raw] of written) {
    if (!Object.hasOwn(definition.params, key)) return unknownParam(definition, key, trimmed);
    if (values.has(key)) return problem(`the parameter ${key} once`, trimmed, `keep one ${key}`);
    const spec = definition.params[key]!;
    if (spec.type === "weighted") {
      const members = resolveMembers(raw);
      if (!Array.isArray(members)) return members as ParsedMetric;
      metrics.set(key, members);
      values.set(key, writeWeighted(members));
    } else if (spec.type === "metric") {
      const inner = resolveMetric(raw);
      if (!inner.ok) return inner;
      if (inner.metric.kind === "answer") metrics.set(key, inner.metric);
      values.set(key, inner.metric.name);
    } else {
      const value = readValue(raw, spec);
      if (value === undefined) return badValue(definition.name, key, spec, raw);
      values.set(key, value);
    }
  }
  for (const [key, spec] of Object.entries(definition.params)) {
    if (values.has(key)) continue;
    if ("required" in spec && spec.required) {
      const example =
        key === "at" ? `${name}@5` : `${name}(${key}=${spec.type === "weighted" ? "'0.7 F1 + 0.3 ROUGE-L'" : "…"})`;
      return problem(`${name} with ${key === "at" ? "a cutoff" : key}`, trimmed, `write for example ${example}`);
    }
    if (spec.type === "metric") {
      const inner = resolveMetric(spec.default);
      if (inner.ok && inner.metric.kind === "answer") metrics.set(key, inner.metric);
    }
    if (spec.default !== undefined) values.set(key, spec.default);
  }
  return { ok: true, metric: definition.bind(values, metrics) };
}

function resolveMetric(text: string): ParsedMetric {
  const references = METRICS.filter((d) => d.group === "reference" && canBeMember(d));
  return parseAs(text, references, "the name of a metric that compares an answer with references");
}

/** @returns the members, or what is wrong with one */
function resolveMembers(text: string): readonly WeightedMetric[] | ParsedMetric {
  const written = readWeighted(text);
  if (written === undefined) {
    return problem(
      "weights above 0 and different metrics, joined by +",
      text,
      "write for example 0.7 F1 + 0.3 ROUGE-L",
    );
  }
  const members: WeightedMetric[] = [];
  for (const { weight, name } of written) {
    const inner = parseAs(
      name,
      METRICS.filter(canBeMember),
      "an answer metric from 0 to 1, more is better, 0 for a failure",
    );
    if (!inner.ok) return inner;
    if (inner.metric.kind === "answer") members.push({ weight, metric: inner.metric });
  }
  if (new Set(members.map(({ metric }) => metric.name)).size < members.length) {
    return problem("every metric once", text, "add up the weights of the one that is there twice");
  }
  return members;
}

/** @returns undefined where the text between the parentheses is not a list of key=value */
function readParams(text: string, at: string | undefined): [key: string, raw: string][] | undefined {
  const found: [string, string][] = [];
  let rest = text.trim();
  while (rest !== "") {
    const match = PARAM.exec(rest);
    if (match === null) return undefined;
    found.push([match[1]!, match[2] ?? match[3] ?? match[4] ?? ""]);
    rest = rest.slice(match[0].length);
  }
  if (at !== undefined) found.push(["at", at]);
  return found;
}

function readValue(raw: string, spec: Exclude<ParamSpec, { type: "metric" | "weighted" }>): ParamValue | undefined {
  switch (spec.type) {
    case "choice":
      return spec.choices.find((choice) => choice === raw);
    case "flag":
      return /^true$/i.test(raw) ? true : /^false$/i.test(raw) ? false : undefined;
    default: {
      const shape = spec.type === "int" ? /^\d{1,9}$/ : /^\d{0,9}(?:\.\d{1,6})?$/;
      const value = raw !== "" && shape.test(raw) ? Number(raw) : Number.NaN;
      return value >= spec.min && value <= spec.max ? value : undefined;
    }
  }
}

function badValue(name: string, key: string, spec: ParamSpec, raw: string): ParsedMetric {
  const what =
    spec.type === "choice"
      ? `one of ${spec.choices.join(", ")}`
      : spec.type === "flag"
        ? "true or false"
        : spec.type === "metric" || spec.type === "weighted"
          ? "a metric"
          : `${spec.type === "int" ? "a whole number" : "a number"} from ${spec.min} to ${spec.max}`;
  const near = spec.type === "choice" ? nearest(raw, spec.choices) : undefined;
  const label = key === "at" ? `the cutoff of ${name}` : `${key} of ${name}`;
  return problem(`${what} for ${label}`, raw, near === undefined ? `give ${what}` : `write ${key}=${near}`);
}

function unknownParam(definition: MetricDefinition, key: string, text: string): ParsedMetric {
  const known = Object.keys(definition.params);
  if (key === "at") return problem(`${definition.name} without a cutoff`, text, "leave out the @ and what follows");
  const named = known.filter((k) => k !== "at");
  const expected = named.length === 0 ? "no parameters" : `the parameters ${named.join(", ")}`;
  const near = nearest(key, named);
  return problem(
    `${expected} for ${definition.name}`,
    key,
    near === undefined ? `leave out ${key}` : `write ${near} for ${key}`,
  );
}

function suggestion(name: string, among: readonly MetricDefinition[]): string {
  const wanted = name.toLowerCase();
  const same = among.find((d) => [d.name, ...d.aka].some((known) => known.toLowerCase() === wanted));
  const near =
    same?.name ??
    nearest(
      name,
      among.map((d) => d.name).filter((n) => n.length > 2),
    );
  const list = `choose one of ${among.map((d) => d.name).join(", ")}`;
  return near === undefined ? list : `did you mean ${near}? Otherwise ${list}`;
}

function problem(expected: string, got: string, fix: string): ParsedMetric {
  return { ok: false, problem: { expected, got: quoteValue(got), fix } };
}
