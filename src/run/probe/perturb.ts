import type { Rng } from "../../core/rng.ts";
import { shuffled } from "./draw-pool.ts";

/** One way to write a question differently with the same meaning. The text that comes back is never empty. */
export interface Perturbation {
  readonly name: string;
  readonly meaning: string;
  apply(text: string, rng: Rng): string;
}

/** Neighbours on a QWERTY keyboard: what a finger hits that misses. */
const NEIGHBOURS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ q: "wa", w: "qes", e: "wrd", r: "etf", t: "ryg", y: "tuh", u: "yij", i: "uok", o: "ipl", p: "ol" },
    ...{ a: "qsz", s: "awdx", d: "sefc", f: "drgv", g: "fthb", h: "gyjn", j: "hukm", k: "jil", l: "kop" },
    ...{ z: "asx", x: "zsc", c: "xdv", v: "cfb", b: "vgn", n: "bhm", m: "njk" },
  }),
);
/** One letter in so many is mistyped, at least one. */
const LETTERS_PER_TYPO = 15;

/** In the order in which they are asked. */
export const PERTURBATIONS: readonly Perturbation[] = [
  {
    name: "typos",
    meaning: `one letter in ${LETTERS_PER_TYPO}, at least one, is its neighbour on a QWERTY keyboard; letters of other scripts change places with the next one`,
    apply: withTypos,
  },
  { name: "lowercase", meaning: "all in lower case", apply: (text) => text.toLowerCase() },
  { name: "uppercase", meaning: "all in upper case", apply: (text) => text.toUpperCase() },
  { name: "word-order", meaning: "the words in random order, the mark at the end kept there", apply: reordered },
  { name: "no-punctuation", meaning: "without punctuation", apply: withoutPunctuation },
];

export function perturbation(name: string): Perturbation | undefined {
  return PERTURBATIONS.find((each) => each.name === name);
}

function withTypos(text: string, rng: Rng): string {
  const characters = Array.from(text);
  const letters = characters.flatMap((c, i) => (/\p{L}/u.test(c) ? i : []));
  const count = Math.max(1, Math.round(letters.length / LETTERS_PER_TYPO));
  for (const at of shuffled(letters, rng).slice(0, count)) {
    const letter = characters[at]!;
    const near = NEIGHBOURS.get(letter.toLowerCase());
    if (near === undefined) {
      const next = letters[letters.indexOf(at) + 1] ?? letters[letters.indexOf(at) - 1] ?? at;
      [characters[at], characters[next]] = [characters[next]!, characters[at]!];
    } else {
      const hit = near[rng.below(near.length)]!;
      characters[at] = letter === letter.toLowerCase() ? hit : hit.toUpperCase();
    }
  }
  return characters.join("");
}

function reordered(text: string, rng: Rng): string {
  const [, body = text, mark = ""] = /^(.*?)([\s\p{P}]*)$/su.exec(text) ?? [];
  const words = body.split(/\s+/u).filter((word) => word !== "");
  if (words.length < 2) return text;
  let order = shuffled(words, rng);
  // With few words chance keeps the order now and then.
  if (order.join(" ") === words.join(" ")) order = [...words.slice(1), words[0]!];
  return `${order.join(" ")}${mark}`;
}

function withoutPunctuation(text: string): string {
  const bare = text.replace(/\p{P}+/gu, (marks, at: number) => {
    // Inside of a word an apostrophe goes without a trace; other marks part words.
    const inside = /[\p{L}\p{N}]/u.test(text[at - 1] ?? "") && /[\p{L}\p{N}]/u.test(text[at + marks.length] ?? "");
    return inside && !/^['’]$/u.test(marks) ? " " : "";
  });
  const tidy = bare.replace(/\s+/gu, " ").trim();
  return tidy === "" ? text : tidy;
}
