import { describe, expect, it } from "vitest";
import { bytes, milliseconds } from "./parse-amount.ts";

describe("bytes", () => {
  it.each([
    ["1000", 1000],
    ["1B", 1],
    ["500kB", 500_000],
    ["20MB", 20_000_000],
    ["20 mb", 20_000_000],
    ["20MiB", 20 * 1024 * 1024],
    ["1.5GB", 1_500_000_000],
    [".5MB", undefined],
    ["0", undefined],
    ["0.1B", undefined],
    ["-1", undefined],
    ["20TB", undefined],
    ["MB", undefined],
    ["1e9", undefined],
    ["999999999999GB", undefined],
    ["", undefined],
  ])("reads %j as %s", (written, expected) => {
    if (expected === undefined) expect(() => bytes(written, "--max-bytes")).toThrow("--max-bytes (E_USAGE)");
    else expect(bytes(written, "--max-bytes")).toBe(expected);
  });
});

describe("milliseconds", () => {
  it.each([
    ["30s", 30_000],
    ["30", 30_000],
    ["500ms", 500],
    ["0.5s", 500],
    ["2m", 120_000],
    ["0s", undefined],
    ["1h", undefined],
    ["s", undefined],
    ["soon", undefined],
  ])("reads %j as %s", (written, expected) => {
    if (expected === undefined) expect(() => milliseconds(written, "--timeout")).toThrow("write for example");
    else expect(milliseconds(written, "--timeout")).toBe(expected);
  });
});
