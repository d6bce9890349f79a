import { describe, expect, it } from "vitest";
import { age } from "./parse-age.ts";

describe("age", () => {
  it.each([
    ["12h", 43_200_000],
    ["30d", 2_592_000_000],
    ["2w", 1_209_600_000],
    ["1 D", 86_400_000],
    ["0d", 0],
  ])("reads %j as %d ms", (written, ms) => {
    expect(age(written, "--older-than")).toBe(ms);
  });

  it.each(["30", "d", "-1d", "1.5d", "30days", "1y", ""])("refuses %j", (written) => {
    expect(() => age(written, "--older-than")).toThrow("--older-than (E_USAGE)");
  });
});
