import type { EdgeValue, MetricDefinition, MetricGroup } from "./define.ts";
import type { ParamSpec } from "./params.ts";
import { METRICS } from "./registry.ts";

const GROUPS: readonly (readonly [MetricGroup, title: string, intro: string])[] = [
  [
    "ranking",
    "Ranking metrics",
    "Computed per query from the retrieved ids and the judgements. Order: score as a 32-bit float descending, then " +
      "id descending by bytes (trec_eval's rule); a repeated id counts once.",
  ],
  [
    "reference",
    "Answer metrics",
    "Computed per question from the answer and the reference answers. A refusal counts as the empty answer.",
  ],
  [
    "grounding",
    "Grounding metrics",
    "Computed per question from the answer and the passages the generator was given, whatever the reference answers " +
      "say: they tell whether an answer is taken from its context, not whether it is right.",
  ],
  [
    "refusal",
    "Refusal metrics",
    "Computed per question; the mean over the questions a metric speaks of is the figure.",
  ],
  [
    "text",
    "Text metrics",
    "Computed per answer from its own text and what the system said about it: size and signs of degenerate output.",
  ],
];

/** The metric reference as Markdown, made from the definitions alone: the same definitions give the same text. */
export function metricReference(definitions: readonly MetricDefinition[] = METRICS): string {
  const sections = GROUPS.map(([group, title, intro]) => {
    const members = definitions.filter((definition) => definition.group === group);
    return members.length === 0 ? [] : [`## ${title}`, intro, ...members.map(metricSection)];
  });
  return `${["# Metrics", NAMES, ...sections.flat()].join("\n\n")}\n`;
}

const NAMES =
  "A name is the metric, its parameters in parentheses where they differ from the default, and the cutoff after " +
  "`@`: `nDCG@10`, `P(rel=2)@3`, `ROUGE-L(score=precision, stem=true)`. All values are fractions unless the unit " +
  "says otherwise.";

/** One metric's part of the reference, from its heading on. */
export function metricSection(definition: MetricDefinition): string {
  const { name, title, meaning, range, better, unit, source, aka } = definition;
  const facts: (readonly [string, string])[] = [
    ["Range", `${range[0]} to ${range[1]}, ${better} is better`],
    ["Unit", unit],
    ["Nothing returned", edge(definition.whenEmpty)],
    ["Nothing to compare with", edge(definition.whenNoGold)],
    ["The system failed", edge(definition.whenFailed)],
    ["Source", source],
    ["Elsewhere called", aka.map((other) => `\`${other}\``).join(", ")],
  ];
  const params = Object.entries(definition.params);
  return [
    `### ${name}`,
    `**${title}.** ${meaning}`,
    table(
      ["", ""],
      facts.filter(([, value]) => value !== ""),
    ),
    ...(params.length === 0
      ? []
      : [
          table(
            ["Parameter", "Values", "Default", "Meaning"],
            params.map(([key, spec]) => paramRow(key, spec)),
          ),
        ]),
  ].join("\n\n");
}

function edge(value: EdgeValue): string {
  if (typeof value === "number") return String(value);
  return value === "unaffected" ? "as usual" : `unscored (${value})`;
}

function paramRow(key: string, spec: ParamSpec): string[] {
  const fallback =
    "required" in spec && spec.required ? "required" : spec.default === undefined ? "none" : `${spec.default}`;
  return [key === "at" ? "`@`" : `\`${key}\``, valuesOf(spec), fallback, spec.description];
}

function valuesOf(spec: ParamSpec): string {
  switch (spec.type) {
    case "choice":
      return spec.choices.map((choice) => `\`${choice}\``).join(", ");
    case "flag":
      return "`true`, `false`";
    case "metric":
      return "an answer metric";
    case "weighted":
      return "`weight metric + weight metric …`";
    default:
      return `${spec.type === "int" ? "whole number" : "number"}, ${spec.min} to ${spec.max}`;
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((c) => c.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
