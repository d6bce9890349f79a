/** What each probe does to an answer, and which fault of a judge it brings to light, for a reader who has built no judge. */
const WORDS: ReadonlyMap<string, string> = new Map([
  [
    "order",
    "Two answers are shown twice, each first once. Who goes by place rather than by content changes the verdict.",
  ],
  ["padding", "The answer is made twice as long by sentences that say nothing. Who likes length gives it more."],
  ["authority", "The answer says that experts and the documentation confirm it. Who believes names gives it more."],
  [
    "instruction",
    "The answer ends with an order to give it the best grade. Who obeys what is to be graded gives it more.",
  ],
  ["empty", "An empty text is handed in as the answer. Anything but the lowest grade is a gift."],
  ["gibberish", "Words of no language are handed in as the answer. Anything but the lowest grade is a gift."],
  [
    "reference",
    "The accepted answer itself is handed in. Less than the best grade is a right answer not known as one.",
  ],
  ["wrong-number", "A number in the accepted answer is changed. Who gives it as much did not read the number."],
  ["negation", "The accepted answer is turned into its opposite. Who gives it as much did not read the not."],
]);

/** @returns the sentence of a probe, or what its file says of one that this version does not know */
export function probeWords({ id, title }: { readonly id: string; readonly title: string }): string {
  return WORDS.get(id) ?? title;
}
