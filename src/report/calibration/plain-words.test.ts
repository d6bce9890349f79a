import { describe, expect, it } from "vitest";
import { AGREEMENT_FIGURES } from "../../runlog/index.ts";
import { plainWords } from "./plain-words.ts";

const figure = (value: number, low = value - 0.1, high = value + 0.1) => ({ value, low, high, n: 50 });

describe("plainWords", () => {
  it("says every figure of a calibration in a sentence without a term of statistics", () => {
    for (const name of AGREEMENT_FIGURES) {
      const said = plainWords(name, figure(0.5));
      expect(said, name).toMatch(/^(?:[A-Z]|\.5).{20,}\.$/);
      expect(said, name).not.toMatch(/kappa|κ|α|correlation|chance-corrected|interval|undefined|NaN/i);
    }
  });

  it("takes shares as so many of a hundred, and agreement beyond chance as a part of what chance leaves", () => {
    expect(plainWords("exact", figure(0.847))).toBe("Of 100 answers 85 get the grade that people gave.");
    expect(plainWords("kappa", figure(0.694))).toContain("69\u00a0% is there");
    expect(plainWords("kappa", figure(-0.1))).toContain("No more agreement than");
    expect(plainWords("alpha", figure(0.75))).toContain("25\u00a0% is left");
    expect(plainWords("spearman", figure(-0.2))).toContain("do not get higher grades");
  });

  it("calls a judge generous or strict only where the interval lies on one side", () => {
    expect(plainWords("bias", figure(0.3, 0.2, 0.4))).toBe(".300 points more than people give: generous.");
    expect(plainWords("bias", figure(-0.3, -0.4, -0.2))).toBe(".300 points less than people give: strict.");
    expect(plainWords("bias", figure(0.05, -0.1, 0.2))).toContain("Neither generous nor strict");
    expect(plainWords("bias", { value: -0.3, n: 2 })).toBe(
      "The mean grade differs by −.300 points from that of people.",
    );
  });

  it("says why there is no figure, and nothing of one that is not known", () => {
    expect(plainWords("kappa", { reason: "all labels are equal", n: 9 })).toBe("Not estimable: all labels are equal.");
    expect(plainWords("constructor", figure(0.5))).toBe("");
    expect(plainWords("kappa", undefined)).toBe("");
  });
});
