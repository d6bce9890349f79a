import { type SchemaOptions, type Static, type TSchema, type TUnsafe, Type } from "@sinclair/typebox";

/** The schema of objects that are told apart by their `kind`; an error then names the kinds and the keys of the chosen one. */
export function oneOfKinds<const T extends readonly TSchema[]>(
  kinds: T,
  options: SchemaOptions = {},
): TUnsafe<Static<T[number]>> {
  return Type.Unsafe<Static<T[number]>>({
    type: "object",
    discriminator: { propertyName: "kind" },
    required: ["kind"],
    oneOf: [...kinds],
    ...options,
  });
}
