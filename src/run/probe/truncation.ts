/** One prompt: how long its passages are by our count, and the whole of it by the server's. */
export interface Arrival {
  readonly question: string;
  readonly condition: string;
  /** Tokens of the passages. */
  readonly sent: number;
  /** `prompt_tokens` of the server's usage; undefined where it said none. */
  readonly counted: number | undefined;
}

/** What became of the prompts of one condition. */
export interface Arrived {
  readonly prompts: number;
  /** Prompts of which the server counted too few tokens: it read less than was sent. */
  readonly truncated: number;
  /** Prompts without a count, and such as are hardly longer than the reference. */
  readonly unknown: number;
}

/** A prompt may be counted so much lower than the others of the run: texts differ in characters a token. */
const TOLERANCE = 0.85;
/** Tokens that a prompt must add to the reference: the count of fewer says nothing. */
const LEAST_ADDED = 200;
/** By an estimate in bytes no prose has fewer tokens than this share of it; by the model's own tokenizer both agree. */
const LEAST = { estimated: 0.6, counted: 0.9 };

/**
 * Tells prompts that were cut from those that arrived whole. What a longer prompt adds to that of the same question under the
 * reference is held against what its passages add: frames and instructions are in both and fall out. How many of the server's
 * tokens come on one of ours is the largest median of any condition, since cutting only lowers it; a prompt with less than
 * 85 % of that was cut. So a cut of less than about a seventh goes unseen, and so does, without the model's tokenizer, one of
 * less than 40 % that every condition suffers.
 *
 * @param reference the condition with the shortest prompts @param how whether `sent` is counted by the model's tokenizer
 * @returns by condition, the reference left out
 */
export function tellTruncation(
  arrivals: readonly Arrival[],
  reference: string,
  how: "estimated" | "counted",
): Map<string, Arrived> {
  const short = new Map(
    arrivals.filter(({ condition }) => condition === reference).map((each) => [each.question, each]),
  );
  const growths = new Map<string, (number | undefined)[]>();
  for (const { question, condition, sent, counted } of arrivals) {
    if (condition === reference) continue;
    const base = short.get(question);
    const added = sent - (base?.sent ?? 0);
    const known = counted !== undefined && base?.counted !== undefined && added >= LEAST_ADDED;
    const list = growths.get(condition) ?? [];
    growths.set(condition, list);
    list.push(known ? (counted - base.counted!) / added : undefined);
  }
  const medians = Array.from(growths.values(), (list) => median(list.filter((growth) => growth !== undefined)));
  const least = Math.max(LEAST[how], TOLERANCE * Math.max(0, ...medians));
  return new Map(
    Array.from(growths, ([condition, list]) => [
      condition,
      {
        prompts: list.length,
        truncated: list.filter((growth) => growth !== undefined && growth < least).length,
        unknown: list.filter((growth) => growth === undefined).length,
      },
    ]),
  );
}

/** The upper one of two in the middle; 0 of none. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
