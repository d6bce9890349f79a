import { type SchemaOptions, type TUnsafe, Type } from "@sinclair/typebox";

/** The schema of one of a fixed set of words; an error then lists all of them. */
export function words<const T extends string>(values: readonly T[], options: SchemaOptions = {}): TUnsafe<T> {
  return Type.Unsafe<T>({ type: "string", enum: [...values], ...options });
}
