import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";

/** The label of a turn that is not the system's, at the start of a line, perhaps as a heading, a list item or in bold. */
const TURN = /^[\s>#*_-]{0,8}(?:questions?|q|user|human|customer|student|instruction)\s?\d{0,3}[*_]{0,2}:/i;
/** Markers of chat formats, which no answer should hold. */
const CHAT_MARK = /<\|im_start\|>|<\|start_header_id\|>|<\|user\|>|\[INST\]|<start_of_turn>/;

export const selfDialogue = defineAnswerMetric({
  name: "SelfDialogue",
  title: "Self-dialogue: the answer asks its own next question",
  group: "text",
  params: {},
  range: [0, 1],
  better: "lower",
  unit: "share of the answers",
  meaning:
    "1 where the answer goes on as the other side of the conversation: a line after its first that begins with a " +
    "label such as `Question:`, `Q2:`, `User:` or `Human:`, or a marker of a chat format anywhere; else 0. It is a " +
    "sign of a wrong prompt layout or missing stop strings. Refused and failed questions are not part of it.",
  source: "degenerate output as shown in Databricks' LLM and chatbot guides: the model continues with made-up turns",
  whenEmpty: "not-applicable",
  whenNoGold: "unaffected",
  whenFailed: "not-applicable",
  proportion: true,
  compute({ answer, refused }) {
    if (refused) return unscored("not-applicable", "the question was refused");
    const mark = CHAT_MARK.exec(answer)?.[0];
    const [, ...later] = answer.trimStart().split(/\r\n|\r|\n/);
    const turn = mark ?? later.find((line) => TURN.test(line))?.slice(0, 80);
    return turn === undefined ? scored(0) : scored(1, turn);
  },
});
