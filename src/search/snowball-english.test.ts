import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stemEnglish } from "./snowball-english.ts";

describe("stemEnglish gives the stems of Snowball 3", () => {
  // Word and stem as PyStemmer 3.1.0 prints them.
  it.each(
    `added:add adding:add egged:egg hopping:hop hoping:hope falling:fall hissing:hiss failing:fail filing:file
    plotted:plot sized:size luxuriated:luxuri troubled:troubl agreed:agre feed:feed proceed:proceed succeedly:succeed
    exceedingly:exceed inning:inning outing:outing evening:evening herring:herring earring:earring canning:canning
    dying:die tying:tie lying:lie caresses:caress ties:tie cries:cri gas:gas this:this gaps:gap kiwis:kiwi us:us
    consistently:consist relational:relat conditional:condit digitizer:digit organization:organiz organic:organic
    university:universiti universal:universal universe:univers international:internat interval:interval
    internally:internal laterally:lateral generally:general generous:generous communism:communism arsenic:arsenic
    emergency:emergenc past:past pasted:paste pasting:paste pasts:past dermatologist:dermatolog biology:biolog
    apology:apolog analogist:analog hopefulness:hope callousness:callous formality:formal sensibility:sensibl
    electricity:electr electrical:electr goodness:good formative:format demonstrative:demonstr revival:reviv
    adoption:adopt replacement:replac adjustment:adjust bowdlerize:bowdler probate:probat rate:rate cease:ceas
    controll:control roll:roll skis:ski skies:sky sky:sky idly:idl gently:gentl ugly:ugli early:earli only:onli
    singly:singl news:news howe:howe atlas:atlas cosmos:cosmos bias:bias andes:andes say:say by:by cry:cri
    enjoyed:enjoy youth:youth yes:yes knightly:knight knack:knack`
      .split(/\s+/)
      .map((pair) => pair.split(":") as [string, string]),
  )("%s → %s", (word, stem) => {
    expect(stemEnglish(word)).toBe(stem);
  });

  it.each(["", "a", "ox", "42", "2024", "東京", "größe_x"])("%j stays as it is", (word) => {
    expect(stemEnglish(word)).toBe(word);
  });

  it.each([
    ["dog's", "dog"],
    ["dogs'", "dog"],
    ["'tis", "tis"],
  ])("an apostrophe goes: %s → %s", (word, stem) => {
    expect(stemEnglish(word)).toBe(stem);
  });

  it("never throws, never lengthens by more than a letter and never returns an empty stem", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/), (word) => {
        const stem = stemEnglish(word);
        expect(stem.length).toBeGreaterThan(0);
        expect(stem.length).toBeLessThanOrEqual(word.length + 1);
      }),
    );
  });
});
