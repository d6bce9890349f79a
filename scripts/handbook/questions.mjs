import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isNode, LineCounter, parseDocument } from "yaml";
import { checkQuestion } from "./check-question.mjs";
import { byCode, quote } from "./problem.mjs";

export const QUESTIONS = "datasets/handbook/questions";
export const SPLITS = ["train", "eval", "test"];

/**
 * Reads `questions/*.yaml`, one file a page, and checks every question against the pages.
 *
 * @returns {Promise<object[]>} the questions with `page`, `split` and, for the answerable, `spans`; sorted by id
 */
export async function readQuestions(root, pages, problems) {
  const names = (await readdir(join(root, QUESTIONS))).filter((name) => name.endsWith(".yaml")).sort(byCode);
  const files = [];
  for (const name of names) files.push(await readFileOf(root, name, pages, problems));
  const usable = files.filter((file) => file !== undefined);
  const splitOf = new Map(usable.map((file) => [file.page, file.split]));
  const seen = { ids: new Map(), texts: new Map() };
  const questions = usable.flatMap((file) =>
    file.questions.map((question, i) => checkQuestion({ question, index: i, file, pages, splitOf, seen, problems })),
  );
  return questions.filter((question) => question !== undefined).sort((a, b) => byCode(a.id, b.id));
}

async function readFileOf(root, name, pages, problems) {
  const path = `${QUESTIONS}/${name}`;
  const lines = new LineCounter();
  const document = parseDocument(await readFile(join(root, path), "utf8"), { lineCounter: lines });
  const lineAt = (keys) => {
    // The node itself, or the nearest one around it when the key is missing.
    for (let depth = keys.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(keys.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const report = (keys, expected, got, fix) =>
    problems.push({
      where: `${path}:${lineAt(keys)}${keys.length === 0 ? "" : ` /${keys.join("/")}`}`,
      code: "E_HANDBOOK_QUESTION",
      expected,
      got,
      fix,
    });
  for (const error of document.errors) {
    problems.push({
      where: `${path}:${lines.linePos(error.pos[0]).line}`,
      code: "E_HANDBOOK_YAML",
      expected: "YAML",
      got: error.message.split("\n")[0],
      fix: "correct the syntax; quote texts that hold a colon",
    });
  }
  if (document.errors.length > 0) return undefined;
  const value = document.toJS();
  const before = problems.length;
  const page = name.slice(0, -".yaml".length);
  if (value?.page !== page)
    report(["page"], `the file's own name, ${quote(page)}`, quote(value?.page), "make them equal");
  else if (!pages.has(page)) report(["page"], "a page of docs/handbook", quote(page), `write docs/handbook/${page}.md`);
  if (!SPLITS.includes(value?.split)) report(["split"], `one of ${SPLITS.join(", ")}`, quote(value?.split), "name one");
  if (!Array.isArray(value?.questions) || value.questions.length === 0) {
    report(["questions"], "a list of questions", quote(value?.questions), "add at least one, or remove the file");
  }
  for (const key of Object.keys(value ?? {})) {
    if (!["page", "split", "questions"].includes(key)) {
      report([key], "page, split or questions", quote(key), "remove it");
    }
  }
  if (problems.length > before) return undefined;
  return { path, page, split: value.split, questions: value.questions, report, lineAt };
}
