import { describe, expect, it } from "vitest";
import { type AskedFor, askedFor, phrasesOf } from "./asked-for.ts";

describe("askedFor", () => {
  it.each<[string, AskedFor | undefined]>([
    ["How many passages are there?", "number"],
    ["What percentage was refused?", "number"],
    ["How long does it take?", "quantity"],
    ["When was it built?", "date"],
    ["In what year did it end?", "date"],
    ["Who wrote it?", "person"],
    ["In which city is it?", "place"],
    ["Where did they meet?", "place"],
    ["What is recall?", undefined],
    ["Why is it so?", undefined],
    ["What happens when a run is interrupted?", undefined],
    ["How do I resume?", undefined],
    ["", undefined],
  ])("%j asks for %s", (question, kind) => {
    expect(askedFor(question)).toBe(kind);
  });
});

describe("phrasesOf", () => {
  it.each<[string, AskedFor, string, string[]]>([
    [
      "numbers with their scale",
      "number",
      "It cost $3.5 million, 12 % or twenty-five of 1,000.",
      ["$3.5 million", "12 %", "twenty-five", "1,000"],
    ],
    ["quantities with their unit", "quantity", "It took 15 minutes and 3 km/h.", ["15 minutes", "3 km/h"]],
    [
      "dates of any length",
      "date",
      "On 3 May 1808, in June 1999, in 1843 and the 19th century.",
      ["3 May 1808", "June 1999", "1843", "19th century"],
    ],
    [
      "names with their particles",
      "person",
      "The poem by Ada of Lovelace and the critic Jean de La Fontaine.",
      ["Ada of Lovelace", "Jean de La Fontaine"],
    ],
    ["names without the capital of a first word", "place", "In Paris it rained. They left.", ["Paris"]],
    ["names without a possessive", "person", "We saw Ada's engine.", ["Ada"]],
    ["nothing where there is none", "number", "No figures here.", []],
  ])("finds %s", (_title, kind, text, expected) => {
    expect(phrasesOf({ text }, kind).map((phrase) => phrase.text)).toEqual(expected);
  });

  it("knows where a phrase starts and what introduces it", () => {
    const text = "It was built by Ada in Paris.";
    expect(phrasesOf({ text }, "person")).toEqual([
      { text: "Ada", start: 16, introduced: true },
      { text: "Paris", start: 23, introduced: false },
    ]);
    expect(phrasesOf({ text }, "place").map(({ introduced }) => introduced)).toEqual([false, true]);
  });
});
