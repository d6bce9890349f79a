import type { Sentence } from "./sentences.ts";

/** What kind of phrase a question asks for, where its words say so. */
export type AskedFor = "number" | "quantity" | "date" | "person" | "place";

const QUESTIONS: readonly (readonly [AskedFor, RegExp])[] = [
  [
    "number",
    /\bhow (?:many|much)\b|\bwhat (?:is the )?(?:number|percent\w*|population|amount|fraction|share)\b|\bhow (?:large|big|populous)\b/,
  ],
  ["quantity", /\bhow (?:long|far|old|tall|high|deep|fast|heavy|wide|hot|cold|often|thick)\b/],
  [
    "date",
    /\bwhen (?:was|were|did|is|are|will|does|do|has|had)\b|\b(?:what|which) (?:\w+ )?(?:year|date|day|month|century|decade)\b/,
  ],
  ["person", /\bwho\b|\bwhom\b|\bwhose\b/],
  [
    "place",
    /\bwhere (?:was|were|did|is|are|does|do)\b|\b(?:what|which) (?:\w+ )?(?:city|country|state|place|town|region|county|continent|river|island|province)\b/,
  ],
];

/** @returns undefined for a question that asks for none of them: what, why, how */
export function askedFor(question: string): AskedFor | undefined {
  const text = question.toLowerCase();
  return QUESTIONS.find(([, pattern]) => pattern.test(text))?.[0];
}

/** A part of a sentence that could be the answer. */
export interface Phrase {
  readonly text: string;
  /** Where it starts in the sentence. */
  readonly start: number;
  /** A word before it makes it more likely: `in Paris` for a place, `by Ada` for a person. */
  readonly introduced: boolean;
}

const MONTH =
  "(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\\.?|Feb\\.?|Mar\\.?|Apr\\.?|Jun\\.?|Jul\\.?|Aug\\.?|Sept?\\.?|Oct\\.?|Nov\\.?|Dec\\.?)";
const NUMERAL =
  "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen|half|twice|once)";
const SCALE = "(?:%|percent\\b|per cent\\b|million\\b|billion\\b|trillion\\b|thousand\\b|hundred\\b)";
const NUMBER = `(?:[$€£¥]\\s?)?\\b\\d[\\d,]*(?:\\.\\d+)?(?:[–-]\\d[\\d.,]*)?(?:\\s?${SCALE})*|\\b${NUMERAL}(?:[- ]${NUMERAL})*\\b`;
const CAPITALISED = "\\p{Lu}[\\p{L}\\p{N}’'.-]*";
const NAME = `${CAPITALISED}(?:\\s+(?:(?:of|the|de|von|van|der|la|le|du|and|ibn)\\s+){0,2}${CAPITALISED})*`;

const PHRASES: Record<AskedFor, RegExp> = {
  number: new RegExp(NUMBER, "gi"),
  quantity: new RegExp(`(?:${NUMBER})(?:\\s+[a-z][a-z²³°/-]+)?`, "gi"),
  date: new RegExp(
    [
      `\\b(?:${MONTH} \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}|\\d{1,2} ${MONTH},? \\d{4}|${MONTH},? \\d{4}`,
      `${MONTH} \\d{1,2}(?:st|nd|rd|th)?|\\d{1,2}(?:st|nd|rd|th) centur(?:y|ies)`,
      "(?:early |late |mid-)?(?:1\\d|20)\\d\\ds?(?:[–-]\\d{2,4})?(?: BC)?|\\d+ BCE?)\\b",
    ].join("|"),
    "g",
  ),
  person: new RegExp(NAME, "gu"),
  place: new RegExp(NAME, "gu"),
};

const INTRODUCTION: Partial<Record<AskedFor, RegExp>> = {
  person: /\bby\s+(?:the\s+)?$/i,
  place: /\b(?:in|at|from|to|near|of|into|on)\s+(?:the\s+)?$/i,
};

/** Words that begin a sentence with a capital and are no part of a name. */
const NO_NAME = new Set(
  (
    "the a an in on at it its he she they this that these those there his her their we you i as by for from to of with and but or " +
    "if when while after before although because since during under over however most many some all one both each such other " +
    "another no not also then thus so what who where how why"
  ).split(" "),
);

/** A longer one is no sentence, but a page without full stops or an attempt to keep the patterns busy. */
const LONGEST_SENTENCE = 4000;

/** All phrases of the kind that is asked for, in order. */
export function phrasesOf({ text }: Pick<Sentence, "text">, kind: AskedFor): Phrase[] {
  const phrases: Phrase[] = [];
  if (text.length > LONGEST_SENTENCE) return phrases;
  for (const match of text.matchAll(PHRASES[kind])) {
    const named = kind === "person" || kind === "place";
    const cut = named ? withoutFunctionWords(match[0]) : match[0];
    const start = match.index + match[0].length - cut.length;
    const phrase = cut.replace(/['’]s$|[\s,.;:'’-]+$/u, "");
    if (phrase === "") continue;
    phrases.push({ text: phrase, start, introduced: INTRODUCTION[kind]?.test(text.slice(0, start)) ?? false });
  }
  return phrases;
}

function withoutFunctionWords(name: string): string {
  let rest = name;
  for (;;) {
    const word = /^\S+/.exec(rest)?.[0];
    if (word === undefined || !NO_NAME.has(word.toLowerCase())) return rest;
    rest = rest.slice(word.length).trimStart();
  }
}
