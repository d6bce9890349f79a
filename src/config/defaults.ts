import type { TSchema } from "@sinclair/typebox";

interface Shape {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly oneOf?: readonly Shape[];
  readonly discriminator?: { readonly propertyName: string };
  readonly default?: unknown;
  readonly const?: unknown;
}

/**
 * A copy of a value with the defaults of its schema filled in; `filled` gets the JSON pointer of each. A value that a
 * user wrote is never changed. Lists are taken whole, never merged; their items are filled in like other values.
 */
export function withDefaults(schema: TSchema, value: unknown, filled: string[] = [], pointer = ""): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const { items } = schema as Shape;
    return items ? value.map((item, at) => withDefaults(items, item, filled, `${pointer}/${at}`)) : value;
  }
  const shape = variant(schema as Shape, value as Record<string, unknown>);
  const result: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  for (const [key, property] of Object.entries(shape.properties ?? {})) {
    const at = `${pointer}/${key}`;
    if (result[key] !== undefined) {
      result[key] = withDefaults(property, result[key], filled, at);
    } else if (property.default !== undefined) {
      result[key] = structuredClone(property.default);
      filled.push(at);
    }
  }
  return result;
}

/** The member of a discriminated union that the value chooses. */
function variant(shape: Shape, value: Record<string, unknown>): Shape {
  const tag = shape.discriminator?.propertyName;
  if (tag === undefined || shape.oneOf === undefined) return shape;
  return shape.oneOf.find((s) => (s.properties?.[tag] as Shape | undefined)?.const === value[tag]) ?? {};
}
