import { describe, expect, it } from "vitest";
import { CHROMIUM_VARIABLE, findChromium } from "./chromium.ts";

const only =
  (...there: readonly string[]) =>
  (path: string): boolean =>
    there.includes(path);

describe("findChromium", () => {
  it("takes the browser that the variable names before any other", () => {
    expect(findChromium({ [CHROMIUM_VARIABLE]: "/opt/c" }, only("/opt/c", "/usr/bin/chromium"))).toBe("/opt/c");
  });

  it("refuses a named browser that is not there, rather than testing another", () => {
    expect(() => findChromium({ [CHROMIUM_VARIABLE]: "/opt/c" }, only("/usr/bin/chromium"))).toThrow("/opt/c");
  });

  it("takes the first that stands in a usual place", () => {
    expect(findChromium({ [CHROMIUM_VARIABLE]: "" }, only("/usr/bin/google-chrome", "/snap/bin/chromium"))).toBe(
      "/usr/bin/google-chrome",
    );
  });

  it("says the one command to run when there is none", () => {
    expect(() => findChromium({}, only())).toThrow("apt-get update && apt-get install -y chromium");
  });
});
