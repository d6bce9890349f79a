import { describe, expect, it } from "vitest";
import { rateWaitMs } from "./rate-headers.ts";

const NOW = Date.UTC(2026, 0, 2);
const wait = (headers: Record<string, string>, tokens = 1000): number => rateWaitMs(new Headers(headers), tokens, NOW);

describe("rateWaitMs", () => {
  it.each([
    ["nothing", {}, 0],
    ["room", { "x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "1s" }, 0],
    ["no request left", { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1s" }, 1000],
    // 60 a minute that fill up evenly: one is there after a sixtieth.
    [
      "the limit said",
      {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "1m0s",
      },
      1000,
    ],
    [
      "fewer tokens than the next call takes",
      {
        "x-ratelimit-limit-tokens": "10000",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "6s",
      },
      600,
    ],
    ["milliseconds", { "x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "250ms" }, 250],
    ["hours", { "x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "1h2m" }, 3_720_000],
    ["plain seconds", { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "30" }, 30_000],
    ["a date", { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2026-01-02T00:00:05Z" }, 5000],
    [
      "the longer of both",
      {
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "2s",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "3s",
      },
      3000,
    ],
    ["words", { "x-ratelimit-remaining-requests": "none", "x-ratelimit-reset-requests": "soon" }, 0],
    ["a negative count", { "x-ratelimit-remaining-requests": "-1", "x-ratelimit-reset-requests": "1s" }, 0],
  ])("%s", (_, headers, expected) => {
    expect(wait(headers as unknown as Record<string, string>)).toBe(expected);
  });
});
