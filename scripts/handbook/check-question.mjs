import { lineOf, locate, nearestText } from "./locate.mjs";
import { quote } from "./problem.mjs";
import { gradesOf } from "./qrels.mjs";

export const TAGS = ["lookup", "several-passages", "paraphrase", "numeric", "follow-up", "unanswerable"];
const KEYS = ["id", "text", "answers", "answerable", "tags", "gold", "history"];
const GOLD_KEYS = ["page", "quote", "grade"];

/**
 * Checks one question and finds its gold in the pages. Everything that is wrong is reported, not only the first thing.
 *
 * @returns the question as it goes into the dataset, or undefined when it cannot be used
 */
export function checkQuestion({ question, index, file, pages, splitOf, seen, problems }) {
  const before = problems.length;
  const report = (keys, expected, got, fix) => file.report(["questions", index, ...keys], expected, got, fix);
  if (question === null || typeof question !== "object" || Array.isArray(question)) {
    report([], "a question with id, text and tags", quote(question), "write it as a map");
    return undefined;
  }
  checkKeys(question, KEYS, [], report);
  const { id, text, answers, answerable = true, tags, gold, history } = question;
  if (typeof id !== "string" || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
    report(["id"], "a kebab-case id", quote(id), "use small letters, digits and hyphens");
  } else unique(seen.ids, id, ["id"], "an id of its own", "rename one of the two");
  if (!isText(text)) report(["text"], "the question's text", quote(text), "write the question");
  else unique(seen.texts, text, ["text"], "a question that is asked once", "reword or remove one of the two");
  checkTags();
  checkHistory();
  let spans = [];
  if (answerable === false) checkUnanswerable();
  else if (answerable === true) spans = checkAnswerable();
  else report(["answerable"], "true or false", quote(answerable), "say `answerable: false`, or nothing");
  if (problems.length > before) return undefined;
  return { id, text, answers, answerable, tags, history, page: file.page, split: file.split, spans };

  function unique(map, value, keys, expected, fix) {
    const where = `${file.path}:${file.lineAt(["questions", index, ...keys])}`;
    if (map.has(value)) report(keys, expected, `${quote(value)}, also at ${map.get(value)}`, fix);
    else map.set(value, where);
  }

  function checkTags() {
    if (!Array.isArray(tags) || tags.length === 0) {
      report(["tags"], "one tag or more", quote(tags), `choose from ${TAGS.join(", ")}`);
      return;
    }
    tags.forEach((tag, i) => {
      if (!TAGS.includes(tag)) report(["tags", i], `one of ${TAGS.join(", ")}`, quote(tag), "use a known tag");
      else if (tags.indexOf(tag) !== i) report(["tags", i], "each tag once", quote(tag), "remove the repetition");
    });
    if (tags.includes("unanswerable") !== (answerable === false)) {
      report(
        ["tags"],
        "the tag unanswerable on exactly the questions with `answerable: false`",
        quote(tags),
        "make them agree",
      );
    }
    if (tags.includes("follow-up") !== (history !== undefined)) {
      report(["tags"], "the tag follow-up on exactly the questions with a history", quote(tags), "make them agree");
    }
  }

  function checkHistory() {
    if (history === undefined) return;
    const turns = Array.isArray(history) ? history : [];
    const good =
      turns.length > 0 &&
      turns.length % 2 === 0 &&
      turns.every((turn, i) => turn?.role === (i % 2 === 0 ? "user" : "assistant") && isText(turn.content));
    if (!good)
      report(["history"], "turns of user and assistant by turns, assistant last", quote(history), "complete it");
  }

  function checkUnanswerable() {
    if (gold !== undefined) report(["gold"], "no gold, the question is unanswerable", quote(gold), "remove it");
    if (answers !== undefined)
      report(["answers"], "no answers, the question is unanswerable", quote(answers), "remove them");
  }

  function checkAnswerable() {
    if (!Array.isArray(answers) || answers.length === 0 || !answers.every(isText)) {
      report(
        ["answers"],
        "one reference answer or more, as texts",
        quote(answers),
        "add one, or say `answerable: false`",
      );
    }
    if (!Array.isArray(gold) || gold.length === 0) {
      report(
        ["gold"],
        "one quote or more that answers the question",
        quote(gold),
        "add one, or say `answerable: false`",
      );
      return [];
    }
    const found = gold.map((entry, i) => checkGold(entry, i)).filter((span) => span !== undefined);
    if (found.length < gold.length) return found;
    if (!found.some((span) => span.grade === 2)) {
      report(["gold"], "a quote of grade 2, which states the answer", "grade 1 only", "grade the one that answers 2");
    }
    const passages = new Set(found.flatMap((span) => [...gradesOf(span, pages.get(span.document).passages).keys()]));
    if (Array.isArray(tags) && tags.includes("several-passages") && passages.size < 2) {
      report(
        ["gold"],
        "gold in two passages or more",
        `one, ${[...passages]}`,
        "add the other part, or drop the tag several-passages",
      );
    }
    return found;
  }

  function checkGold(entry, i) {
    const at = (key) => ["gold", i, key];
    if (entry === null || typeof entry !== "object") {
      report(["gold", i], "a quote with its grade", quote(entry), "write { quote: …, grade: 2 }");
      return undefined;
    }
    checkKeys(entry, GOLD_KEYS, ["gold", i], report);
    const { page: document = file.page, quote: text, grade } = entry;
    if (grade !== 1 && grade !== 2)
      report(at("grade"), "grade 1 (supports) or 2 (states the answer)", quote(grade), "choose one");
    const page = pages.get(document);
    if (page === undefined) {
      report(at("page"), "a page of docs/handbook", quote(document), "correct the name");
      return undefined;
    }
    if (splitOf.get(document) !== file.split) {
      const other = splitOf.has(document)
        ? `${quote(document)} of split ${splitOf.get(document)}`
        : `${quote(document)}, which has no split`;
      report(
        at("page"),
        `gold in a page of split ${file.split}`,
        other,
        "choose gold in a page of the same split, or move the question",
      );
      return undefined;
    }
    if (!isText(text)) {
      report(at("quote"), "text of the page, word for word", quote(text), "quote the page");
      return undefined;
    }
    const places = locate(page.text, text);
    if (places.length === 0) {
      const near = nearestText(page.text, text);
      report(
        at("quote"),
        `text that stands in ${page.path}`,
        quote(text),
        near === undefined ? "quote the page word for word" : `nearest text there: ${quote(near, 300)}`,
      );
      return undefined;
    }
    if (places.length > 1) {
      const lines = places.map((place) => lineOf(page.text, place.start)).join(", ");
      report(
        at("quote"),
        `text that stands once in ${page.path}`,
        `${quote(text)}, in lines ${lines}`,
        "quote more of it",
      );
      return undefined;
    }
    const span = { document, ...places[0], grade };
    if (gradesOf(span, page.passages).size === 0) {
      report(
        at("quote"),
        "half of the quote, or half of a passage, in one passage",
        quote(text),
        "quote a shorter text below a heading",
      );
      return undefined;
    }
    return span;
  }
}

function checkKeys(map, known, keys, report) {
  for (const key of Object.keys(map)) {
    if (!known.includes(key)) report([...keys, key], `one of ${known.join(", ")}`, quote(key), "remove or rename it");
  }
}

function isText(value) {
  return typeof value === "string" && value.trim() !== "";
}
