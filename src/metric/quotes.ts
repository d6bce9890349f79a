import { scored, unscored } from "../core/outcome.ts";
import { truncate } from "../lib/text.ts";
import { defineAnswerMetric } from "./define.ts";
import { passageText } from "./passage-text.ts";
import { oneLine, quotationsOf } from "./quotations.ts";

export const quotes = defineAnswerMetric({
  name: "Quotes",
  title: "Quotes: quotations that stand in a passage",
  aka: ["QuotesVerbatim", "QuotationPrecision"],
  group: "grounding",
  params: {
    words: {
      type: "int",
      description: "words from which on a text in double quotation marks counts as a quotation",
      default: 5,
      min: 1,
      max: 100,
    },
  },
  range: [0, 1],
  better: "higher",
  unit: "share of the answer's quotations",
  meaning:
    "Of what the system quotes, in its reasoning as well as in its answer, the share that stands word for word in one " +
    "of the passages it was given. Quotations are what stands between `##begin_quote##` and `##end_quote##`, and " +
    "texts of at least `words` words in double quotation marks; white space is joined, punctuation at either end " +
    "left out, case counts. Answers that quote nothing, refused and failed questions are not part of it.",
  source: "RAFT's answers, which cite their context word for word: Zhang et al., 2024",
  whenEmpty: "not-applicable",
  whenNoGold: "not-applicable",
  whenFailed: "not-applicable",
  proportion: false,
  compute({ answer, raw = answer, refused, passages = [] }, { words }) {
    if (refused) return unscored("not-applicable", "the question was refused");
    if (passages.length === 0) return unscored("not-applicable", "the answer was given without passages");
    const found = quotationsOf(raw, words);
    if (found.length === 0) return unscored("not-applicable", "the answer quotes nothing");
    const texts = passages.map((passage) => oneLine(passageText(passage)));
    const missing = found.filter((quotation) => !texts.some((text) => text.includes(quotation)));
    const share = (found.length - missing.length) / found.length;
    return missing[0] === undefined ? scored(share) : scored(share, `in no passage: ${truncate(missing[0], 200)}`);
  },
});
