/** How the generator gets its context. Written `rag@5`, `oracle`, `closed-book`. */
export type Condition =
  /** The k best retrieved passages. */
  | { readonly kind: "rag"; readonly k: number }
  /** The gold passages, best grade first. */
  | { readonly kind: "oracle" }
  /** No passages. */
  | { readonly kind: "closed-book" }
  /** What a probe makes of it. No suite can name one. */
  | {
      readonly kind: "probe";
      readonly name: string;
      /** How many retrieved passages it takes at most; 0 when it is made without a ranking. */
      readonly ranked: number;
    };

export function formatCondition(condition: Condition): string {
  if (condition.kind === "probe") return condition.name;
  return condition.kind === "rag" ? `rag@${condition.k}` : condition.kind;
}

/** Reads a condition as users write it. @returns undefined when the text is not a condition */
export function parseCondition(text: string): Condition | undefined {
  if (text === "oracle" || text === "closed-book") return { kind: text };
  const k = /^rag@([1-9]\d{0,5})$/.exec(text)?.[1];
  return k === undefined ? undefined : { kind: "rag", k: Number(k) };
}
