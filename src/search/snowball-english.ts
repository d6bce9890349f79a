/**
 * The Snowball project's English stemmer (Porter2) as of Snowball 3: https://snowballstem.org/algorithms/english/stemmer.html.
 * Written here because the packages of the registry carry older rules (`added` → `ad`, `organization` → `organ`), so that
 * figures would not equal those of tools on the current ones. Equal to PyStemmer 3.1 on every word compared.
 */

const VOWEL = "aeiouy";
/** Prefixes after which R1 starts, whatever their vowels: keeps `general` from `generous`. */
const R1_PREFIX = /^(?:arsen|commun|emerg|gener|inter|later|organ|past|univers)/;

/** Words that the rules would stem wrongly. */
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ["skis", "ski"],
  ["skies", "sky"],
  ["idly", "idl"],
  ["gently", "gentl"],
  ["ugly", "ugli"],
  ["early", "earli"],
  ["only", "onli"],
  ["singly", "singl"],
  ...["sky", "news", "howe", "atlas", "cosmos", "bias", "andes"].map((word) => [word, word] as const),
]);

/** Suffixes of a step with what replaces them, tried longest first; the first that matches decides, applied or not. */
type Rules = readonly (readonly [suffix: string, replacement: string])[];

function rules(text: string): Rules {
  return text
    .split(" ")
    .map((rule) => rule.split(">") as [string, string])
    .sort(([a], [b]) => b.length - a.length);
}

const STEP_2 = rules(
  "tional>tion enci>ence anci>ance abli>able entli>ent izer>ize ization>ize ational>ate ation>ate ator>ate alism>al " +
    "aliti>al alli>al fulness>ful ousli>ous ousness>ous iveness>ive iviti>ive biliti>ble bli>ble ogi>og ogist>og " +
    "fulli>ful lessli>less li>",
);
const STEP_3 = rules("tional>tion ational>ate alize>al icate>ic iciti>ic ical>ic ful> ness> ative>");
const STEP_4 = rules("al> ance> ence> er> ic> able> ible> ant> ement> ment> ent> ism> ate> iti> ous> ive> ize> ion>");

/** The stem of one lower-case word. Words of one or two letters and words of other scripts come back as they are. */
export function stemEnglish(word: string): string {
  const special = SPECIAL.get(word);
  if (special !== undefined) return special;
  if (word.length < 3) return word;
  let w = markConsonantY(word.startsWith("'") ? word.slice(1) : word);
  const r1 = R1_PREFIX.exec(w)?.[0].length ?? regionAfter(w, 0);
  const r2 = regionAfter(w, r1);
  w = plural(w);
  w = pastAndGerund(w, r1);
  w = finalY(w);
  w = replaceSuffix(w, STEP_2, r1, step2Allows);
  w = replaceSuffix(w, STEP_3, r1, (suffix, at) => suffix !== "ative" || at >= r2);
  w = replaceSuffix(w, STEP_4, r2, (suffix, at, all) => suffix !== "ion" || "st".includes(all.charAt(at - 1) || "-"));
  w = finalEOrL(w, r1, r2);
  return w.replaceAll("Y", "y");
}

/** A y at the start or after a vowel is a consonant, written Y until the end. */
function markConsonantY(word: string): string {
  if (!word.includes("y")) return word;
  let marked = "";
  for (const c of word) marked += c === "y" && (marked === "" || isVowel(marked.at(-1)!)) ? "Y" : c;
  return marked;
}

function isVowel(c: string): boolean {
  return VOWEL.includes(c);
}

/** Where the region after the first consonant that follows a vowel starts, counted from `from`. */
function regionAfter(w: string, from: number): number {
  let at = from;
  while (at < w.length && !isVowel(w[at]!)) at += 1;
  while (at < w.length && isVowel(w[at]!)) at += 1;
  return Math.min(at + 1, w.length);
}

/** Ends in a short syllable: vowel + consonant (not w, x, Y) after a consonant, or at the start of the word, or `past`. */
function endsShort(w: string): boolean {
  if (w === "past") return true;
  const [a, b, c] = [w.at(-3), w.at(-2), w.at(-1)];
  if (b === undefined || c === undefined || !isVowel(b) || isVowel(c)) return false;
  return a === undefined || (!isVowel(a) && !"wxY".includes(c));
}

/** Step 0 and 1a: possessives and plurals. */
function plural(word: string): string {
  const w = word.replace(/'(?:s'?)?$/, "");
  if (w.endsWith("sses")) return w.slice(0, -2);
  if (w.endsWith("ied") || w.endsWith("ies")) return w.slice(0, w.length > 4 ? -2 : -1);
  if (!w.endsWith("s") || w.endsWith("us") || w.endsWith("ss")) return w;
  return hasVowel(w.slice(0, -2)) ? w.slice(0, -1) : w;
}

function hasVowel(w: string): boolean {
  return /[aeiouy]/.test(w);
}

/** Step 1b. */
function pastAndGerund(w: string, r1: number): string {
  const eed = /eed(?:ly)?$/.exec(w);
  if (eed) {
    if (/^(?:proc|exc|succ)eed(?:ly)?$/.test(w) || eed.index < r1) return w;
    return w.slice(0, eed.index + 2);
  }
  const match = /(?:ed|ing)(?:ly)?$/.exec(w);
  if (!match) return w;
  const stem = w.slice(0, match.index);
  if (match[0] === "ing") {
    if (/^[^aeiouy]y$/.test(stem)) return `${stem[0]}ie`;
    if (/^(?:inn|out|cann|herr|earr|even)$/.test(stem)) return w;
  }
  if (!hasVowel(stem)) return w;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(stem)) return /^[aeo]..$/.test(stem) ? stem : stem.slice(0, -1);
  return r1 >= stem.length && endsShort(stem) ? `${stem}e` : stem;
}

/** Step 1c: a final y after a consonant that is not the first letter becomes i. */
function finalY(w: string): string {
  return /.[^aeiouy][yY]$/.test(w) ? `${w.slice(0, -1)}i` : w;
}

function replaceSuffix(
  w: string,
  list: Rules,
  region: number,
  allows: (suffix: string, at: number, w: string) => boolean,
): string {
  const rule = list.find(([suffix]) => w.endsWith(suffix));
  if (!rule) return w;
  const at = w.length - rule[0].length;
  return at >= region && allows(rule[0], at, w) ? w.slice(0, at) + rule[1] : w;
}

function step2Allows(suffix: string, at: number, w: string): boolean {
  if (suffix === "ogi") return w[at - 1] === "l";
  return suffix !== "li" || "cdeghkmnrt".includes(w[at - 1] ?? "-");
}

/** Step 5. */
function finalEOrL(w: string, r1: number, r2: number): string {
  const at = w.length - 1;
  if (w.endsWith("e") && (at >= r2 || (at >= r1 && !endsShort(w.slice(0, -1))))) return w.slice(0, -1);
  return w.endsWith("ll") && at >= r2 ? w.slice(0, -1) : w;
}
