import { type EdgeValue, METRICS, type MetricDefinition, type ParamSpec } from "../metric/index.ts";

const GROUPS = [
  { group: "ranking", title: "Metrics of rankings" },
  { group: "reference", title: "Metrics of answers against references" },
  { group: "grounding", title: "Metrics of answers against their passages" },
  { group: "refusal", title: "Metrics of answering and declining" },
  { group: "text", title: "Metrics of the answer’s own text" },
] as const;

/** The definitions page as its template takes it: written from the declarations that compute the numbers. */
export function definitionsView() {
  return {
    title: "Definitions",
    groups: GROUPS.map(({ group, title }) => ({
      title,
      metrics: METRICS.filter((metric) => metric.group === group).map(definitionView),
    })),
  };
}

function definitionView(metric: MetricDefinition) {
  const { name, title, meaning, unit, better, range, source, proportion } = metric;
  return {
    anchor: name,
    name,
    title,
    meaning,
    unit,
    better,
    range: `from ${range[0]} to ${range[1]}`,
    source,
    interval: proportion
      ? "Wilson, since every sample is 0 or 1"
      : "BCa bootstrap for 20 to 1999 questions, Student’s t for fewer or more",
    whenEmpty: edge(metric.whenEmpty),
    whenNoGold: edge(metric.whenNoGold),
    whenFailed: edge(metric.whenFailed),
    params: Object.entries(metric.params).map(([key, spec]) => ({
      name: key === "at" ? "@" : key,
      text: paramText(spec),
    })),
    aka: metric.aka.join(", "),
  };
}

function edge(value: EdgeValue): string {
  switch (value) {
    case "unaffected":
      return "nothing special";
    case "not-applicable":
      return "does not apply: the question is not part of its n";
    case "no-gold":
      return "unscored: nothing to compare with";
    case "judge-failed":
      return "unscored: the judge gave no grade";
    case "not-judged":
      return "unscored: no judge was asked yet";
    default:
      return `scores ${value}`;
  }
}

function paramText(spec: ParamSpec): string {
  const fallback = "default" in spec && spec.default !== undefined ? `, ${spec.default} when left out` : "";
  const choices = spec.type === "choice" ? ` (${spec.choices.join(", ")})` : "";
  return `${spec.description}${choices}${fallback}`;
}
