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

const NOT = "(?:do not|don't|does not|doesn't|did not|didn't)";
const CANNOT =
  "(?:cannot|can't|can not|could not|couldn't|was not able to|were not able to|am not able to|'m not able to|are not able to|am unable to|'m unable to|are unable to|was unable to|were unable to)";
const FIND = "(?:answer|find|locate|determine|provide|tell|say|confirm|identify)";
const SOURCE = "(?:context|documents?|passages?|texts?|sources?|articles?|information|excerpts?)";

/** Regular expressions of a refusal near the beginning of an answer; case does not count and curly quotes are straight. */
export const REFUSAL_PATTERNS: readonly string[] = [
  // "I'm sorry, but I could not find …", "Sorry, related documents were not found"
  `^\\W{0,3}(?:i am |i'm |we are |we're )?(?:very |so )?sorry\\b.{0,60}\\b(?:not|cannot|can't|couldn't|don't|no|unable)\\b.{0,40}\\b(?:know|find|found|answer|help|information|determine|provide|documents?)\\b`,
  // "Based on the context, I do not know", "I don't have enough information"
  `\\b(?:i|we) (?:do not|don't) (?:know|have (?:enough|any|the|sufficient) (?:\\w{1,20} )?(?:information|context|data|details))\\b`,
  // "I could not find an answer"
  `\\b(?:i|we) ?${CANNOT} ${FIND}\\b`,
  // "The context does not mention the price"
  `\\b${SOURCE}\\b.{0,40}\\b${NOT} (?:\\w{1,20} )?(?:contain|mention|provide|include|specify|say|state|answer|give|have|cover)\\b`,
  // "There is no information about", "not enough context to answer"
  "\\b(?:there is|there's|there are|i have|i found|i see|contains?|provides?) (?:no|not enough|insufficient) (?:\\w{1,20} )?(?:mention|information|documents?|passages?|context|details?|data)\\b",
  "\\b(?:no|not enough|insufficient) (?:\\w{1,20} )?(?:answer|information|documents?|passages?|context|details?)\\b.{0,40}\\b(?:found|available|provided|given|to answer)\\b",
  // "The answer is not given in the documents", "this cannot be answered"
  `\\b(?:answer|${SOURCE}) (?:is|are|was|were|could) not (?:be )?(?:found|available|provided|given|mentioned|specified|stated)\\b`,
  "\\b(?:cannot|can't|can not|could not|couldn't) be (?:answered|determined|found)\\b",
];
