import type { TSchema } from "@sinclair/typebox";
import { ExternalSchema } from "./external-schema.ts";
import { JudgeSchema } from "./judge-schema.ts";
import { PricesSchema } from "./price-schema.ts";
import { SuiteSchema } from "./suite-schema.ts";
import { SystemSchema } from "./system-schema.ts";

interface Shape {
  /** Names a part that the reference describes elsewhere. */
  readonly title?: string;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly patternProperties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Shape[];
  /** The words that may stand in place of an object. */
  readonly then?: Shape;
}

/** The configuration reference as Markdown, made from the schemas that files are checked against. */
export function configReference(): string {
  return [
    "# Configuration reference",
    "",
    "Made from the schemas by `npm run docs`; do not edit. `bench explain suite NAME` and `bench explain system NAME` print what a file",
    "resolves to and where each value came from.",
    "",
    "## `benchmarks/<id>/suite.yaml`: what is measured",
    "",
    ...table(SuiteSchema),
    "",
    "## `benchmarks/systems/<id>.yaml`: the system under test",
    "",
    ...table(SystemSchema),
    "",
    "## `judges/<id>/judge.yaml`: what grades answers",
    "",
    "`bench judge init` brings judges to begin with. By `kind` a judge is:",
    "",
    ...(JudgeSchema as unknown as Shape).oneOf!.flatMap((judge) => [
      `### Kind \`${judge.properties!.kind!.const}\`: ${judge.description}`,
      "",
      ...table(judge),
      "",
    ]),
    "## `prices.yaml` beside `benchmarks/`: what models cost, a list under `prices`",
    "",
    ...table(PricesSchema.properties.prices.items),
    "",
    "## `external/<name>.yaml` beside `benchmarks/`: results that others reported",
    "",
    "`bench report` shows each file as a table of its own, marked as reported by others and never ranked with runs. A result has",
    "`right` and `n`, or `mean`, with `sd` and `n` where they are known; a bare mean has no interval.",
    "",
    ...table(ExternalSchema),
    "",
  ].join("\n");
}

function table(schema: TSchema | Shape): string[] {
  return ["| key | value | default | meaning |", "| --- | --- | --- | --- |", ...rows(schema as Shape, "")];
}

function rows(shape: Shape, prefix: string): string[] {
  const found: string[] = [];
  for (const [key, property] of Object.entries(shape.properties ?? {})) {
    const name = `${prefix}${key}`;
    if (property.const !== undefined) continue;
    const required = shape.required?.includes(key) && property.default === undefined;
    const fallback = property.default === undefined ? (required ? "required" : "") : code(property.default);
    found.push(`| \`${name}\` | ${kind(property)} | ${fallback} | ${escapeCell(property.description ?? "")} |`);
    found.push(...rows(property, `${name}.`), ...rows(property.items ?? {}, `${name}[].`));
    for (const inner of Object.values(property.patternProperties ?? {})) {
      found.push(...rows(inner, `${name}.<name>.`));
    }
    if (property.title !== undefined) continue;
    for (const variant of property.oneOf ?? []) {
      const tag = String(variant.properties?.kind?.const);
      found.push(`| \`${name}\` with \`kind: ${tag}\` | | | |`, ...rows(variant, `${name}.`));
    }
  }
  return found;
}

function kind(shape: Shape): string {
  if (shape.enum) return shape.enum.map(code).join(", ");
  if (shape.title !== undefined) return `a ${shape.title} with its keys`;
  if (shape.oneOf) {
    const kinds = shape.oneOf.map((v) => `kind ${code(v.properties?.kind?.const)}`);
    return [...(shape.then?.enum ?? []).map(code), ...kinds].join(", ");
  }
  if (shape.type === "array") return `list of ${shape.items?.title ?? shape.items?.type ?? "value"}s`;
  if (shape.type === "object") return "keys";
  const low = shape.minimum ?? shape.exclusiveMinimum;
  const high = shape.maximum ?? shape.exclusiveMaximum;
  const range = [
    low === undefined ? "" : `${shape.minimum === undefined ? "above" : "from"} ${low}`,
    high === undefined ? "" : `${shape.maximum === undefined ? "below" : "to"} ${high}`,
  ].filter(Boolean);
  return [shape.type ?? "any", ...range].join(" ");
}

function code(value: unknown): string {
  return `\`${Array.isArray(value) ? `[${value.join(", ")}]` : String(value)}\``;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
