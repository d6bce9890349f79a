import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../lib/testing/shared.ts";
import { porterStem } from "./porter-stem.ts";

describe("porterStem", () => {
  it.each([
    // plurals
    ["caresses", "caress"],
    ["ponies", "poni"],
    ["ties", "tie"],
    ["caress", "caress"],
    ["cats", "cat"],
    // past tense and gerund
    ["feed", "feed"],
    ["agreed", "agre"],
    ["plastered", "plaster"],
    ["bled", "bled"],
    ["motoring", "motor"],
    ["sing", "sing"],
    ["conflated", "conflat"],
    ["troubled", "troubl"],
    ["sized", "size"],
    ["hopping", "hop"],
    ["falling", "fall"],
    ["hissing", "hiss"],
    ["failing", "fail"],
    ["filing", "file"],
    ["died", "die"],
    ["spied", "spi"],
    // final y
    ["happy", "happi"],
    ["enjoy", "enjoy"],
    ["always", "alway"],
    // longer suffixes
    ["relational", "relat"],
    ["conditional", "condit"],
    ["rational", "ration"],
    ["digitizer", "digit"],
    ["radically", "radic"],
    ["vietnamization", "vietnam"],
    ["operator", "oper"],
    ["hopefulness", "hope"],
    ["sensibility", "sensibl"],
    ["archaeology", "archaeolog"],
    ["geology", "geolog"],
    ["triplicate", "triplic"],
    ["electrical", "electr"],
    ["goodness", "good"],
    ["adjustment", "adjust"],
    ["adoption", "adopt"],
    ["opinion", "opinion"],
    ["effective", "effect"],
    // final e and ll
    ["probate", "probat"],
    ["rate", "rate"],
    ["cease", "ceas"],
    ["controll", "control"],
    ["roll", "roll"],
    // irregular
    ["skies", "sky"],
    ["dying", "die"],
    ["news", "news"],
    ["succeed", "succeed"],
    // left alone
    ["is", "is"],
    ["1980", "1980"],
  ])("%s becomes %s", (word, stem) => expect(porterStem(word)).toBe(stem));

  it("never makes a word longer by more than the e it restores, and never throws", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{1,20}$/), (word) => {
        expect(porterStem(word).length).toBeLessThanOrEqual(word.length + 1);
      }),
    );
  });

  it.skipIf(!hasShared)("takes NLTK's side wherever NLTK and the original algorithm differ", () => {
    const { values } = JSON.parse(readFileSync(shared("reference/text.json"), "utf8")) as {
      values: { porter_nltk_vs_original_algorithm: Record<string, [nltk: string, original: string]> };
    };
    const words = Object.entries(values.porter_nltk_vs_original_algorithm);
    expect(words.length).toBe(88);
    for (const [word, [nltk, original]] of words) {
      expect(porterStem(word)).toBe(nltk);
      expect(porterStem(word)).not.toBe(original);
    }
  });
});
