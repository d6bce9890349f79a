import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const PAGES = resolve(import.meta.dirname, "../docs/handbook");

/** Each figure is worked out here from its definition, not by the code that the pages describe. */
describe("the figures worked out in the pages", () => {
  const log2 = Math.log2;
  const dcg = 1 / log2(2) + 2 / log2(4);
  const idcg = 2 / log2(2) + 1 / log2(3) + 1 / log2(4);
  const fixed = (value: number, digits: number) => value.toFixed(digits);
  const wilson = (right: number, n: number) => {
    const [z, p] = [1.959964, right / n];
    const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
    return [-half, half].map((h) => fixed((100 * (p + (z * z) / (2 * n) + h)) / (1 + (z * z) / n), 1)) as [
      string,
      string,
    ];
  };
  const sample = [1, 0.5, 0.63, 0, 1, 0.39, 0.63, 1, 0, 0.5];
  const mean = sample.reduce((a, b) => a + b) / 10;
  const sd = Math.sqrt(sample.reduce((a, x) => a + (x - mean) ** 2, 0) / 9);
  const differences = [0.3, 0.1, 0, 0.25, -0.05, 0.2, 0.15, -0.1];
  const idf = (df: number) => Math.log(1 + (1000 - df + 0.5) / (df + 0.5));
  const weight = (tf: number, dl: number, k1 = 1.2, b = 0.75) => tf / (tf + k1 * (1 - b + (b * dl) / 150));
  /** Two graders who call 60 and 50 of 100 right agree so often by chance. */
  const chance = 0.6 * 0.5 + 0.4 * 0.5;
  const needed = (effect: number) => Math.ceil(((1.959964 + 0.841621) ** 2 * 0.09) / effect ** 2);

  /** How many of the 2^m assignments of signs give a sum at least as far from 0. */
  function asExtreme(values: readonly number[]): number {
    const observed = Math.abs(values.reduce((a, b) => a + b));
    let count = 0;
    for (let signs = 0; signs < 2 ** values.length; signs++) {
      const flipped = values.reduce((total, x, i) => total + ((signs >> i) & 1 ? -x : x), 0);
      if (Math.abs(flipped) >= observed - 1e-12) count++;
    }
    return count;
  }

  it.each([
    ["ndcg", "nDCG@5 = 2.0 / 3.1309 = ", fixed(dcg / idcg, 4)],
    ["ndcg", "the example above gets 2.0 / 2.6309 = ", fixed(dcg / (2 + 1 / log2(3)), 4)],
    ["ndcg", "2.5 / 4.1309 = ", fixed((1 + 3 / 2) / (3 + 1 / log2(3) + 0.5), 4)],
    ["ndcg", "the correct figure is ", fixed(1 / (1 + 1 / log2(3)), 3)],
    ["ndcg", "a passage keeps only ", fixed(1 / log2(11), 4)],
    ["rank-metrics", "1.6667 / 4 = ", fixed((1 / 2 + 2 / 3 + 3 / 6) / 4, 4)],
    ["rank-metrics", "The sum is 5/3 and Bpref is ", fixed((2 / 3 + 2 / 3 + 1 / 3) / 4, 4)],
    ["rank-metrics", "0.16 + 0.128 + 0.0655 = ", fixed(0.2 * (0.8 + 0.8 ** 2 + 0.8 ** 5), 4)],
    ["rank-metrics", "the same ranking gets ", fixed(0.5 ** 2 + 0.5 ** 3 + 0.5 ** 6, 4)],
    ["rank-metrics", "this residual is ", fixed(0.8 ** 10, 3)],
    ["rank-metrics", "0.125 + 0.1875 + 0.0078 = ", fixed(0.25 / 2 + (0.75 * 0.75) / 3 + (0.75 * 0.25 * 0.25) / 6, 4)],
    ["exact-match-and-f1", "and F1 is ", fixed((2 * 4) / (9 + 6), 3)],
    ["exact-match-and-f1", "recall 1 and F1 = ", fixed((2 * 6) / (9 + 6), 1)],
    ["exact-match-and-f1", "give an F1 of ", fixed((2 * 3) / (23 + 3), 3)],
    ["exact-match-and-f1", "has EM and F1 of ", fixed((100 * 3168) / 6078, 2)],
    ["rouge-and-contains", "recall 0.667 and F ", fixed((2 * 6) / (7 + 9), 2)],
    ["rouge-and-contains", "which makes F ", fixed((2 * 4) / (6 + 8), 3)],
    ["rouge-and-contains", "recall 3/9 and F ", fixed((2 * 3) / (7 + 9), 3)],
    ["rouge-and-contains", "five of nine tokens, ", fixed(5 / 9, 3)],
    ["refusal", "answers given: 49 / 69 = ", fixed(49 / 69, 3)],
    ["refusal", "justified: 24 / 31 = ", fixed(24 / 31, 3)],
    ["refusal", "published precision, ", fixed((100 * (54 / 71)) / (66 / 72), 2)],
    ["refusal", "54 / 65 = ", fixed((100 * 54) / 65, 2)],
    ["refusal", "54 / 66 = ", fixed((100 * 54) / 66, 2)],
    ["bm25", "A token found in 10 passages has idf ", fixed(idf(10), 3)],
    ["bm25", "2 / (2 + 1.2 x 0.85) = ", fixed(weight(2, 120), 3)],
    ["bm25", "so it adds ", fixed(idf(10) * weight(2, 120), 3)],
    ["bm25", "and adds ", fixed(idf(400) * weight(3, 120), 3)],
    ["bm25", "would fall to ", fixed(weight(2, 300), 3)],
    ["bm25", "k1 = 0.9 it would be ", fixed(weight(2, 300, 0.9, 0.4), 3)],
    ["bm25", `The weight rises from ${fixed(weight(1, 120), 3)} for one occurrence to `, fixed(weight(10, 120), 3)],
    [
      "intervals",
      `the interval runs from ${fixed(mean - (2.262157 * sd) / Math.sqrt(10), 3)} to `,
      fixed(mean + (2.262157 * sd) / Math.sqrt(10), 3),
    ],
    ["intervals", `At 54 of 71 it runs from ${wilson(54, 71)[0]} % to `, `${wilson(54, 71)[1]} %`],
    ["intervals", "Wilson gives 0 to ", `${wilson(0, 20)[1]} %`],
    ["intervals", "With none in 50 the upper end is ", `${wilson(0, 50)[1]} %`],
    ["intervals", "the interval ought to be ", fixed(Math.sqrt(2.2), 2)],
    ["intervals", "a standard error of ", fixed(Math.sqrt(0.25 / 11), 3)],
    ["intervals", "four page means it is ", fixed(Math.sqrt((2 * 0.5 ** 2 + 2 * (1 / 6) ** 2) / 3 / 4), 3)],
    ["paired-comparison", "Of the 256 ways of setting eight signs, ", String(asExtreme(differences))],
    ["paired-comparison", "28/256 = ", fixed(28 / 256, 3)],
    ["paired-comparison", "an effect of 0.02 this is ", needed(0.02).toLocaleString("en-US")],
    ["paired-comparison", "an effect of 0.05 it is ", String(needed(0.05))],
    ["paired-comparison", "for 0.10 it is ", String(needed(0.1))],
    ["paired-comparison", `and ${wilson(53, 71)[0]} to `, wilson(53, 71)[1]],
    ["outcomes", "46 x 0.70 / 50 = ", fixed((46 * 0.7) / 50, 3)],
    ["leakage", "sqrt(0.7 x 0.3 / 75) = ", fixed(Math.sqrt(0.21 / 75), 3)],
    ["leakage", "a recall of about ", fixed(0.7 + 2.0428 * Math.sqrt(0.21 / 75), 2)],
    ["choosing-a-retriever", "there are only ", `${2 ** 5} ways to flip five signs`],
    ["connecting-an-endpoint", "divided by `-np` (here ", (16384 / 4).toLocaleString("en-US")],
    ["cost-and-caching", "costs 0.00018 + 0.000036 = $", fixed((1200 * 0.15 + 60 * 0.6) / 1e6, 6)],
    ["cost-and-caching", "180 were exactly right: $", fixed((1.2 / 300) * 1000, 2)],
    ["cost-and-caching", "per 1,000 questions and $", fixed(1.2 / 180, 4)],
    ["judges", "so κ = .30 / .50 = ", fixed((0.8 - chance) / (1 - chance), 2).slice(1)],
    ["judges", "here .50 - .60 = -", fixed(0.6 - 0.5, 2).slice(1)],
    ["common-mistakes", "an average of ", String(Math.round((600 * 256 * 255) / (1200 * 1199)))],
  ])("%s says %s%s", async (page, before, figure) => {
    expect(await readFile(join(PAGES, `${page}.md`), "utf8")).toContain(`${before}${figure}`);
  });
});
