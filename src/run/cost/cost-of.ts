import type { Price } from "../../config/price-schema.ts";
import type { Cost, Usage } from "../../core/contracts.ts";

const MILLION = 1e6;
const HOUR_MS = 3_600_000;

/** What an answer took, as far as it is known. */
export interface Taken {
  /** The tokens that the server counted. */
  readonly usage?: Usage | undefined;
  /** Requests that were sent for it. Nobody tells the tokens of one that was cut off: it counts as the one that was kept. @default 1 */
  readonly requests?: number;
  /** The call's share of the machine's time, in milliseconds. */
  readonly machineMs?: number | undefined;
}

/**
 * The cost of one measured answer, in US dollars.
 *
 * By tokens, for each request: (prompt − cached) × input + cached × cached_input + answer × output, each per million; cached tokens cost as
 * much as others where no price for them is named. By time: the call's share of the machine's time × per_hour.
 * @returns undefined, which means unknown and not free, where no price is named or what it multiplies is not known
 * @example costOf({ on: "2026-05-31", input: 1, output: 2 }, { usage: { promptTokens: 1e6, completionTokens: 1e6 } })?.usd // 3
 */
export function costOf(price: Price | undefined, { usage, requests = 1, machineMs }: Taken): Cost | undefined {
  if (price?.per_hour !== undefined) {
    return machineMs === undefined ? undefined : { usd: (machineMs / HOUR_MS) * price.per_hour, basis: "time" };
  }
  if (price?.input === undefined || price.output === undefined || usage === undefined) return undefined;
  const { promptTokens, completionTokens, cachedPromptTokens = 0 } = usage;
  // A server that counts more cached tokens than the prompt has would make the rest negative.
  const cached = Math.min(cachedPromptTokens, promptTokens);
  const { input, output, cached_input = input } = price;
  const usd = ((promptTokens - cached) * input + cached * cached_input + completionTokens * output) / MILLION;
  return { usd: requests * usd, basis: "tokens" };
}
