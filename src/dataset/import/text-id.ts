import { sha256 } from "../../lib/hash.ts";

/**
 * An id for a thing that has none: readable words, then 16 hexadecimal digits of a hash of what identifies it. The
 * same parts give the same id on every machine and in every order.
 * @param label what the readable part is made from
 * @example textId("What is Showroom?", ["q", "What is Showroom?"]) // "what-is-showroom-…16 digits"
 */
export function textId(label: string, identity: readonly unknown[]): string {
  const words = label
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
  const hash = sha256(JSON.stringify(identity)).slice(0, 16);
  const prefix = Array.from(words).slice(0, 40).join("").replace(/-$/, "");
  return prefix === "" ? hash : `${prefix}-${hash}`;
}

/** Gives ids that come again a number: `x`, `x-2`, `x-3`. */
export class Repetitions {
  readonly #seen = new Map<string, number>();

  next(id: string): string {
    const count = (this.#seen.get(id) ?? 0) + 1;
    this.#seen.set(id, count);
    return count === 1 ? id : `${id}-${count}`;
  }
}
