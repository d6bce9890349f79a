/** Words NLTK does not leave to the rules. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ["sky", "sky"],
  ["skies", "sky"],
  ["dying", "die"],
  ["lying", "lie"],
  ["tying", "tie"],
  ["news", "news"],
  ["innings", "inning"],
  ["inning", "inning"],
  ["outings", "outing"],
  ["outing", "outing"],
  ["cannings", "canning"],
  ["canning", "canning"],
  ["howe", "howe"],
  ["proceed", "proceed"],
  ["exceed", "exceed"],
  ["succeed", "succeed"],
]);

/** Suffix, what replaces it, and the condition on what is left; the first rule whose suffix fits decides. */
type Rule = readonly [suffix: string, replacement: string, condition?: (stem: string) => boolean];

const hasMeasure = (stem: string): boolean => measure(stem) > 0;
const hasMeasure2 = (stem: string): boolean => measure(stem) > 1;

const STEP_1A: readonly Rule[] = [
  ["sses", "ss"],
  ["ies", "i"],
  ["ss", "ss"],
  ["s", ""],
];

const STEP_2: readonly Rule[] = [
  ["ational", "ate", hasMeasure],
  ["tional", "tion", hasMeasure],
  ["enci", "ence", hasMeasure],
  ["anci", "ance", hasMeasure],
  ["izer", "ize", hasMeasure],
  ["bli", "ble", hasMeasure],
  ["alli", "al", hasMeasure],
  ["entli", "ent", hasMeasure],
  ["eli", "e", hasMeasure],
  ["ousli", "ous", hasMeasure],
  ["ization", "ize", hasMeasure],
  ["ation", "ate", hasMeasure],
  ["ator", "ate", hasMeasure],
  ["alism", "al", hasMeasure],
  ["iveness", "ive", hasMeasure],
  ["fulness", "ful", hasMeasure],
  ["ousness", "ous", hasMeasure],
  ["aliti", "al", hasMeasure],
  ["iviti", "ive", hasMeasure],
  ["biliti", "ble", hasMeasure],
  ["fulli", "ful", hasMeasure],
  // The l belongs to the stem here, so that geologi counts as much as archaeologi.
  ["logi", "log", (stem) => hasMeasure(`${stem}l`)],
];

const STEP_3: readonly Rule[] = [
  ["icate", "ic", hasMeasure],
  ["ative", "", hasMeasure],
  ["alize", "al", hasMeasure],
  ["iciti", "ic", hasMeasure],
  ["ical", "ic", hasMeasure],
  ["ful", "", hasMeasure],
  ["ness", "", hasMeasure],
];

const STEP_4: readonly Rule[] = [
  ["al", "", hasMeasure2],
  ["ance", "", hasMeasure2],
  ["ence", "", hasMeasure2],
  ["er", "", hasMeasure2],
  ["ic", "", hasMeasure2],
  ["able", "", hasMeasure2],
  ["ible", "", hasMeasure2],
  ["ant", "", hasMeasure2],
  ["ement", "", hasMeasure2],
  ["ment", "", hasMeasure2],
  ["ent", "", hasMeasure2],
  ["ion", "", (stem) => hasMeasure2(stem) && /[st]$/.test(stem)],
  ["ou", "", hasMeasure2],
  ["ism", "", hasMeasure2],
  ["ate", "", hasMeasure2],
  ["iti", "", hasMeasure2],
  ["ous", "", hasMeasure2],
  ["ive", "", hasMeasure2],
  ["ize", "", hasMeasure2],
];

/**
 * Porter's stemmer with NLTK's extensions, as `rouge_score` uses it. It differs from the original algorithm:
 * irregular forms, -ies and -ied of four letters, y only after a consonant of a longer stem, -fulli, -logi, -alli
 * before the rules.
 * @param word lower case
 * @example porterStem("additionally") // "addit"
 */
export function porterStem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return word;
  return [step1a, step1b, step1c, step2, step3, step4, step5a, step5b].reduce((stem, step) => step(stem), word);
}

function step1a(word: string): string {
  return word.length === 4 && word.endsWith("ies") ? `${word.slice(0, 1)}ie` : apply(word, STEP_1A);
}

function step1b(word: string): string {
  if (word.endsWith("ied")) return word.length === 4 ? `${word.slice(0, 1)}ie` : `${word.slice(0, -3)}i`;
  if (word.endsWith("eed")) return hasMeasure(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const suffix = ["ed", "ing"].find((s) => word.endsWith(s) && hasVowel(word.slice(0, -s.length)));
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDouble(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsCvc(stem) ? `${stem}e` : stem;
}

function step1c(word: string): string {
  const stem = word.slice(0, -1);
  return word.endsWith("y") && stem.length > 1 && isConsonant(stem, stem.length - 1) ? `${stem}i` : word;
}

function step2(word: string): string {
  if (word.endsWith("alli") && hasMeasure(word.slice(0, -4))) return step2(word.slice(0, -2));
  return apply(word, STEP_2);
}

function step3(word: string): string {
  return apply(word, STEP_3);
}

function step4(word: string): string {
  return apply(word, STEP_4);
}

function step5a(word: string): string {
  if (!word.endsWith("e")) return word;
  const stem = word.slice(0, -1);
  const m = measure(stem);
  return m > 1 || (m === 1 && !endsCvc(stem)) ? stem : word;
}

function step5b(word: string): string {
  return word.endsWith("ll") && hasMeasure2(word.slice(0, -1)) ? word.slice(0, -1) : word;
}

function apply(word: string, rules: readonly Rule[]): string {
  for (const [suffix, replacement, condition] of rules) {
    if (!word.endsWith(suffix)) continue;
    const stem = word.slice(0, word.length - suffix.length);
    return condition === undefined || condition(stem) ? stem + replacement : word;
  }
  return word;
}

/** y is a consonant at the start and after a vowel; in a run of y's they alternate. */
function isConsonant(word: string, at: number): boolean {
  if ("aeiou".includes(word.charAt(at))) return false;
  let start = at;
  while (start > 0 && word.charAt(start) === "y") start -= 1;
  const first = word.charAt(start) === "y" || !"aeiou".includes(word.charAt(start));
  return (at - start) % 2 === 0 ? first : !first;
}

/** How many times a vowel run is followed by a consonant run: m in [C](VC)^m[V]. */
function measure(stem: string): number {
  let count = 0;
  let consonant = true;
  for (let i = 0; i < stem.length; i += 1) {
    const before: boolean = consonant;
    const c = stem.charAt(i);
    consonant = c === "y" ? i === 0 || !before : !"aeiou".includes(c);
    if (i > 0 && consonant && !before) count += 1;
  }
  return count;
}

function hasVowel(stem: string): boolean {
  for (let i = 0; i < stem.length; i += 1) if (!isConsonant(stem, i)) return true;
  return false;
}

function endsDouble(word: string): boolean {
  const last = word.length - 1;
  return last >= 1 && word.charAt(last) === word.charAt(last - 1) && isConsonant(word, last);
}

/** Consonant, vowel, consonant other than w, x, y at the end; with two letters, vowel and consonant. */
function endsCvc(word: string): boolean {
  const last = word.length - 1;
  if (last === 1) return !isConsonant(word, 0) && isConsonant(word, 1);
  return (
    last >= 2 &&
    isConsonant(word, last - 2) &&
    !isConsonant(word, last - 1) &&
    isConsonant(word, last) &&
    !/[wxy]$/.test(word)
  );
}
