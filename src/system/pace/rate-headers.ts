import { retryAfterMs } from "../../lib/retry.ts";

const KINDS = ["requests", "tokens"] as const;

/**
 * Reads `x-ratelimit-{limit,remaining,reset}-{requests,tokens}` as OpenAI and those like it send them: how long to wait until
 * the next call fits. A budget that fills up evenly has room for one call long before it is full, which is what `reset` tells.
 * @param tokens what the next call is expected to take
 * @param now milliseconds since the epoch, for a `reset` that is a date
 * @returns 0 when there is room, or the headers do not say
 */
export function rateWaitMs(headers: Pick<Headers, "get">, tokens: number, now: number): number {
  const waits = KINDS.map((kind) => {
    const value = (what: string): string | null => headers.get(`x-ratelimit-${what}-${kind}`);
    const [limit, remaining] = [count(value("limit")), count(value("remaining"))];
    const reset = resetMs(value("reset"), now);
    const need = kind === "requests" ? 1 : Math.max(1, tokens);
    if (remaining === undefined || reset === undefined || remaining >= need) return 0;
    if (limit === undefined || limit <= remaining) return reset;
    return reset * Math.min(1, (need - remaining) / (limit - remaining));
  });
  return Math.max(...waits);
}

function count(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** `6m0s`, `1.2s`, `250ms`, `30` (seconds), or a date. */
function resetMs(text: string | null, now: number): number | undefined {
  const parts = text === null ? [] : Array.from(text.trim().matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g));
  if (parts.length > 0 && parts.map(([part]) => part).join("") === text?.trim()) {
    return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS.get(unit!)!, 0);
  }
  return retryAfterMs(text, now);
}
