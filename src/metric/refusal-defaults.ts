/**
 * Answers that mean a refusal. One of three words or more counts also where the answer only begins with it; a shorter
 * one must be the whole answer.
 */
export const REFUSAL_PHRASES: readonly string[] = [
  "I do not know",
  "I don't know",
  "I am not able to answer",
  "I cannot answer",
  "I can't answer",
  "I am unable to answer",
  "Cannot answer",
  "Cannot be determined",
  "Don't know",
  "Insufficient information",
  "No answer",
  "No answer found",
  "No information",
  "No information available",
  "Not answerable",
  "Not enough information",
  "Not found in the documents",
  "Not mentioned",
  "Not specified",
  "Unanswerable",
  "Unknown",
];

/** A group that matches one of these. */
const any = (...words: readonly string[]): string => `(?:${words.join("|")})`;

const NOT = any("do not", "don't", "does not", "doesn't", "did not", "didn't");
const CANNOT = any("cannot", "can't", "can not", "could not", "couldn't");
const UNABLE = "(?:(?:am|are|was|were)|'m|'re) (?:not able|unable) to";
const FIND = any("answer", "find", "locate", "determine", "provide", "tell", "say", "confirm", "identify");
const SOURCE = any("context", "documents?", "passages?", "texts?", "sources?", "articles?", "information", "excerpts?");
const TOLD = any(
  "contain",
  "mention",
  "provide",
  "include",
  "specify",
  "say",
  "state",
  "answer",
  "give",
  "have",
  "cover",
);
const FOUND = any("found", "available", "provided", "given", "mentioned", "specified", "stated");
const MATTER = any("mention", "answer", "information", "documents?", "passages?", "context", "details?", "data");
const NO = any("no", "not enough", "insufficient");
const SORRY = String.raw`^\W{0,3}(?:i am |i'm |we are |we're )?(?:very |so )?sorry\b`;

/** Regular expressions of a refusal near the beginning of an answer; case does not count and curly quotes are straight. */
export const REFUSAL_PATTERNS: readonly string[] = [
  // "I'm sorry, but I could not find …", "Sorry, related documents were not found"
  String.raw`${SORRY}.{0,60}\b(?:not|cannot|can't|couldn't|don't|no|unable)\b.{0,40}\b(?:know|help|find|${MATTER}|${FOUND})\b`,
  // "Based on the context, I do not know", "I don't have enough information"
  String.raw`\b(?:i|we) (?:do not|don't) (?:know|have (?:\w{1,20} ){0,2}(?:knowledge|${MATTER}))\b`,
  // "I could not find an answer", "I'm unable to say"
  String.raw`\b(?:i|we) ?(?:${CANNOT}|${UNABLE}) ${FIND}\b`,
  // "The context does not mention the price"
  String.raw`\b${SOURCE}\b.{0,40}\b${NOT} (?:\w{1,20} )?${TOLD}\b`,
  // "There is no information about", "the text contains no details"
  String.raw`\b(?:there is|there's|there are|i have|i found|i see|contains?|provides?) ${NO} (?:\w{1,20} )?${MATTER}\b`,
  // "No relevant documents were found", "not enough context to answer"
  String.raw`\b${NO} (?:\w{1,20} )?${MATTER}\b.{0,40}\b(?:to answer|${FOUND})\b`,
  // "The answer is not given in the documents", "this cannot be answered"
  String.raw`\b(?:answer|${SOURCE}) (?:is|are|was|were|could) not (?:be )?${FOUND}\b`,
  String.raw`\b${CANNOT} be (?:answered|determined|found)\b`,
];
