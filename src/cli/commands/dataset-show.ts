import { EXIT } from "../../core/errors.ts";
import type { DatasetDescription, LengthSummary, SplitDescription } from "../../dataset/index.ts";
import { printable, truncate } from "../../lib/text.ts";
import { defineCommand, value } from "../command.ts";
import { datasetFolder } from "../dataset/dataset-folder.ts";
import { line } from "../deps.ts";
import { choice, integer } from "../terminal/parse-value.ts";
import type { textTable } from "../terminal/text-table.ts";

export const datasetShow = defineCommand({
  args: [{ name: "<dataset>", summary: "its id in datasets/, or a folder" }],
  options: {
    examples: value("--examples <n>", "questions shown of each split", integer(0, 100), 2),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
  },
  examples: [
    { command: "bench dataset show handbook", says: "passages, splits, lengths in words, two questions of each split" },
  ],
  async run([name], { examples, format }, { cwd, stdout }) {
    const { describeDataset } = await import("../../dataset/describe-dataset.ts");
    const description = await describeDataset(await datasetFolder(name!, cwd), { examples });
    if (format === "json") {
      const splits = description.splits.map((split) => ({
        ...split,
        tags: Object.fromEntries(split.tags),
        grades: Object.fromEntries(split.grades),
      }));
      line(stdout, JSON.stringify({ ...description, splits }, undefined, 2));
    } else {
      const { textTable } = await import("../terminal/text-table.ts");
      line(stdout, describeText(description, textTable));
    }
    return EXIT.ok;
  },
});

function describeText(d: DatasetDescription, table: typeof textTable): string {
  const facts = [d.license, d.language, d.version && `version ${d.version}`].filter(Boolean).join(", ");
  return [
    `${printable(d.title)} (${printable(d.id)})${facts ? `  ${printable(facts)}` : ""}`,
    ...(d.description ? [printable(d.description)] : []),
    `${d.passages} passages of ${d.documents} documents, ${d.queries} questions  sha256:${d.sha256.slice(0, 12)}`,
    "",
    table(
      [
        "split",
        "questions",
        "judged",
        "unanswerable",
        "with answers",
        "with history",
        "question words",
        "answer words",
      ],
      d.splits.map((s) => [
        s.split,
        String(s.queries),
        String(s.judged),
        String(s.unanswerable),
        String(s.withAnswers),
        String(s.withHistory),
        lengths(s.questionLengths),
        lengths(s.answerLengths),
      ]),
    ),
    `passage words: ${lengths(d.passageLengths)}`,
    ...d.splits.flatMap(splitText),
  ].join("\n");
}

function splitText(s: SplitDescription): string[] {
  const tags = [...s.tags].map(([tag, n]) => `${tag} ${n}`).join(", ");
  const grades = [...s.grades].map(([grade, n]) => `${n} of grade ${grade}`).join(", ");
  return [
    "",
    printable(`${s.split}: ${grades || "no judgements"}${tags ? `; ${tags}` : ""}`),
    ...s.examples.flatMap((e) => [
      `  ${printable(e.id)}  ${shorten(e.text)}`,
      `    ${e.answerable ? `answers: ${shorten(e.answers.join(" | ")) || "none given"}` : "unanswerable"}`,
      ...e.gold.map((g) => `    gold (grade ${g.grade}) ${printable(g.id)}: ${shorten(g.text)}`),
    ]),
  ];
}

function shorten(text: string): string {
  return truncate(printable(text), 100);
}

/** Median and range: `12 (3–40)`. */
function lengths(l: LengthSummary | undefined): string {
  return l === undefined ? "—" : `${l.p50} (${l.min}–${l.max})`;
}
