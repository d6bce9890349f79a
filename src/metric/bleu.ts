import { scored } from "../core/outcome.ts";
import { bleuCounts, bleuScore } from "./bleu-score.ts";
import { defineAnswerMetric } from "./define.ts";
import { lacksReferenceText, scoredText } from "./references.ts";
import { tokenize13a } from "./tokenize-13a.ts";

export const bleu = defineAnswerMetric({
  name: "BLEU",
  title: "BLEU of single answers",
  aka: ["sacreBLEU", "sentence_bleu", "BLEU-4"],
  group: "reference",
  params: {},
  range: [0, 1],
  better: "higher",
  unit: "n-gram precision with a penalty for brevity",
  meaning:
    "Geometric mean of the share of the answer's runs of 1 to 4 tokens that a reference has, times exp(1 − r / c) " +
    "where the answer's length c is below the reference's r. All references count at once, as in sacrebleu: a run may " +
    "be in any of them, as often as the one that has it most; r is the length closest to c. Tokens are mteval-v13a's, " +
    "case counts. Runs without a match are smoothed (exp), and an answer of fewer than 4 tokens is scored on the " +
    "shorter runs it has: case:mixed|eff:yes|tok:13a|smooth:exp, divided by 100. The figure is the mean of single " +
    "answers; BLEU of a corpus, which sums the counts first, is another number and no mean, so that no interval or " +
    "paired test of questions fits it.",
  source: "Papineni et al., ACL 2002; sacrebleu 2.6.0 (sentence_score); smoothing: Chen and Cherry, WMT 2014",
  whenEmpty: 0,
  whenNoGold: "no-gold",
  whenFailed: 0,
  proportion: false,
  excludes: lacksReferenceText,
  compute(sample) {
    const answer = tokenize13a(scoredText(sample));
    return scored(bleuScore(bleuCounts(answer, (sample.references ?? []).map(tokenize13a)), true));
  },
});
