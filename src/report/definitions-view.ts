import { type EdgeValue, METRICS, type MetricDefinition, type ParamSpec } from "../metric/index.ts";

const GROUPS = [
  { group: "ranking", title: "Metrics of rankings" },
  { group: "reference", title: "Metrics of answers against references" },
  { group: "grounding", title: "Metrics of answers against their passages" },
  { group: "refusal", title: "Metrics of answering and declining" },
  { group: "text", title: "Metrics of the answer’s own text" },
] as const;

/** What pages say besides the names of metrics, for a reader who is new to them. */
const WORDS: readonly { readonly word: string; readonly id?: string; readonly meaning: string }[] = [
  {
    ...{ word: "protocol", id: "protocol" },
    meaning:
      "All that two runs must share for their numbers to be comparable: dataset, split, questions, what counts as relevant, the refusal detector, conditions, metrics and trials. Its hash stands beside every table; numbers of different protocols are never ranked together.",
  },
  {
    word: "context",
    meaning:
      "What the generator was given beside the question: rag@k, the first k passages retrieved; oracle, the gold passages; closed-book, none.",
  },
  { word: "gold", meaning: "Passages that people or a dataset’s makers judged relevant to a question." },
  { word: "n", meaning: "Questions asked. 98×2 are 98 questions, each asked twice." },
  {
    word: "failed",
    meaning:
      "The system gave no answer, as with an error or a timeout. It scores the metric’s floor and is in the mean.",
  },
  { word: "refused", meaning: "The system declined to answer, as the suite’s refusal detector tells." },
  {
    word: "unscored",
    meaning: "Asked and answered, but nothing to score it by, or no grade of the judge. It is in no mean.",
  },
  {
    word: "not applicable",
    meaning: "The metric is not about such questions, as recall is not about those without gold.",
  },
  {
    word: "[low, high]",
    meaning:
      "The interval of the number before it, at the level that the page names. Where questions share a document, it is clustered by document.",
  },
  {
    word: "rank 1–3",
    meaning:
      "The places that a row may have: at least 1st and at most 3rd, by paired tests of all rows with Holm’s correction.",
  },
  {
    word: "≈ best",
    meaning: "Cannot be told apart from the best of its column by a paired test with Holm’s correction.",
  },
  {
    word: "Holm",
    meaning:
      "A correction of p-values for many tests at once: the chance of any false alarm among them stays below the error rate.",
  },
  {
    word: "calibrated",
    meaning:
      "The judge’s grades were compared with people’s labels, by this prompt, model and rubric. Uncalibrated: nobody has compared them.",
  },
  {
    word: "corrected",
    meaning:
      "The mean that people would have given, from a judge’s grades of all answers and people’s labels of some (prediction-powered inference).",
  },
  {
    word: "reference",
    meaning:
      "Of a system: a point of comparison, such as people or a far larger model. Of a question: an answer known to be right.",
  },
  {
    word: "p50, p95",
    meaning:
      "The latency that half of the calls, or 95 of 100, stay below. Replayed and cached calls are not among them.",
  },
  { word: "tokens a + b", meaning: "Of the prompt and of the answer, on average, as the server counted them." },
  {
    word: "reported by others",
    meaning: "Entered by hand from a publication, not measured here; never ranked with runs.",
  },
];

/** The definitions page as its template takes it: written from the declarations that compute the numbers. */
export function definitionsView() {
  return {
    title: "Definitions",
    words: WORDS,
    groups: GROUPS.map(({ group, title }) => ({
      id: `metrics-${group}`,
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
