import { relative, resolve } from "node:path";
import { EXIT, UsageError } from "../../core/errors.ts";
import { printable } from "../../lib/text.ts";
import { defineCommand, flag, optional, value } from "../command.ts";
import { datasetFolder } from "../dataset/dataset-folder.ts";
import { line } from "../deps.ts";
import { choice, text } from "../terminal/parse-value.ts";

export const datasetExport = defineCommand({
  details: [
    "Forms:",
    "  beir     corpus.jsonl, queries.jsonl and qrels/, as they are",
    "  trec     <split>.qrels and <split>.documents.qrels as trec_eval reads them, <split>.topics.tsv",
    "  hf       Hugging Face's RAG files: knowledge.tsv, <split>.questions, <split>.titles.tsv, <split>.qa.tsv; line breaks",
    "           and tabs inside a text become \\n, \\r and \\t, and a backslash before n, r, t or a backslash is doubled",
    "  csv, parquet, jsonl   tables corpus, queries, qrels and spans, with export.json;",
    "           `bench dataset import tables` reads the same rows back",
    "Nothing is written unless all of it is.",
  ].join("\n"),
  args: [{ name: "<dataset>", summary: "its id in datasets/, or a folder" }],
  options: {
    as: optional(
      "--as <form>",
      "beir, trec, hf, csv, parquet or jsonl (required)",
      choice("beir", "trec", "hf", "csv", "parquet", "jsonl"),
    ),
    out: optional("-o, --out <folder>", "the folder to write (required)", text),
    split: optional("--split <split>", "trec, hf: only this split", text),
    formulas: value(
      "--formulas <what>",
      "csv: escape puts an apostrophe before text that a spreadsheet would run as a formula; keep leaves it",
      choice("escape", "keep"),
      "escape",
    ),
    force: flag("--force", "write into a folder that holds something: files of the same names are replaced"),
  },
  examples: [
    { command: "bench dataset export handbook --as trec --out qrels", says: "judgements for trec_eval" },
    { command: "bench dataset export handbook --as hf --split test --out hf", says: "for Hugging Face's RAG example" },
    { command: "bench dataset export handbook --as parquet --out tables", says: "for pandas, DuckDB or a data hub" },
  ],
  async run([name], { as, out, split, formulas, force }, { cwd, stdout }) {
    const problems = [
      ...(as === undefined ? [missing("--as", "a form", "write for example --as csv")] : []),
      ...(out === undefined ? [missing("--out", "a folder", "write for example --out exported")] : []),
    ];
    if (as === undefined || out === undefined) throw new UsageError(...problems);
    if (split !== undefined && as !== "trec" && as !== "hf") {
      const fix = "leave --split out: the form holds all splits";
      throw new UsageError({ code: "E_USAGE", where: "--split", expected: "the form trec or hf", got: as, fix });
    }
    const { exportDataset } = await import("../../dataset/export/export-dataset.ts");
    const into = resolve(cwd, out);
    const dir = await datasetFolder(name!, cwd);
    const { files, notes } = await exportDataset({ dir, as, into, split, formulas, force });
    for (const file of files) line(stdout, printable(relative(cwd, resolve(into, file))));
    for (const note of notes) line(stdout, `  note: ${printable(note)}`);
    return EXIT.ok;
  },
});

function missing(where: string, expected: string, fix: string) {
  return { code: "E_USAGE", where, expected, got: "nothing", fix };
}
