import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { buildBm25 } from "../../search/index.ts";
import { type FairePassage, faire, stream } from "../../search/testing/reference-corpora.ts";
import { PassageWords } from "./passage-words.ts";
import { questionFacts } from "./question-facts.ts";

interface Reference {
  readonly values: { readonly faire_retrieval: Readonly<Record<string, Readonly<Record<string, number>>>> };
}

const TOKENIZERS = {
  plain: { stopWords: "none", stemmer: "none" },
  stop: { stopWords: "lucene", stemmer: "none" },
  stop_snowball: { stopWords: "lucene", stemmer: "snowball-english" },
} as const;
const FIELDS = {
  page_content: (p: FairePassage) => ({ text: p.page_content }),
  "title + newline + page_content": (p: FairePassage) => ({ title: p.metadata.title, text: p.page_content }),
};
const CASES = Object.keys(FIELDS).flatMap((field) =>
  Object.keys(TOKENIZERS).map((tokens) => [field, tokens] as [keyof typeof FIELDS, keyof typeof TOKENIZERS]),
);

/** bm25s' scores of Faire, where 52 texts stand twice, give recall@1 with ties for and against the gold. */
describe.skipIf(!hasShared)("ties on Faire", () => {
  it.each(CASES)("of %s / %s hang as the reference counted them", async (field, tokens) => {
    const reference = JSON.parse(readFileSync(shared("reference/bm25.json"), "utf8")) as Reference;
    const corpus = faire(FIELDS[field]);
    const settings = { k1: 0.9, b: 0.4, title: true, ...TOKENIZERS[tokens] };
    const index = await buildBm25(stream(corpus.passages), settings);
    for (const split of ["eval", "test"]) {
      const facts = corpus.queries
        .filter((query) => query.split === split)
        .map(({ text, gold }) =>
          questionFacts(
            { text, judgements: [[gold!, 1]] },
            index.search(text, corpus.passages.length),
            new PassageWords(),
          ),
        );
      const share = (holds: (ranks: readonly [number, number]) => boolean): number =>
        facts.filter(({ tieRanks }) => tieRanks && holds(tieRanks)).length / facts.length;
      const expected = reference.values.faire_retrieval[`${field} / ${tokens} / ${split}`]!;
      expect(facts).toHaveLength(expected.n!);
      expect(share(([, worst]) => worst <= 1)).toBeCloseTo(expected["recall@1 if ties go against the gold"]!, 9);
      expect(share(([best]) => best <= 1)).toBeCloseTo(expected["recall@1 if ties favour it"]!, 9);
      // The reference ranks passages without a word of the question too, all of them equal at 0; here they are not retrieved.
      const atZero = facts.filter(({ rank }) => rank === undefined).length;
      const tied = facts.filter(({ tieRanks }) => tieRanks && tieRanks[0] !== tieRanks[1]).length;
      expect(tied + atZero).toBe(expected["questions with a tie at the gold's score"]);
    }
  });
});
