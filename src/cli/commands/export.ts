import { relative, resolve } from "node:path";
import { findProject } from "../../config/project.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import { printable } from "../../lib/text.ts";
import { defineCommand, flag, optional, value } from "../command.ts";
import { line } from "../deps.ts";
import { choice, integer, text } from "../terminal/parse-value.ts";

export const exportRun = defineCommand({
  details: [
    "Forms:",
    "  trec      run.trec: query Q0 passage rank score run",
    "  hf        retrieval_preds.tsv (titles, tabs between) and e2e_preds.txt (one answer a line), in the dataset's order;",
    "            line breaks and tabs inside a text become \\n, \\r and \\t, and a backslash before n, r, t or a backslash is",
    "            doubled; a failed question has an empty line",
    "  localrqa  <split>-predictions.jsonl: question, gold_docs, retrieved_docs, gold_answer, generated_answer",
    "  csv, parquet, jsonl   results.<form>: a row per question, condition and trial, with the value and state of each metric",
    "hf and localrqa hold one answer a question: a run of several conditions needs --condition.",
    "Nothing is written unless all of it is.",
  ].join("\n"),
  args: [{ name: "<run>", summary: "a run's folder or id, or suite/system" }],
  options: {
    as: optional(
      "--as <form>",
      "trec, hf, localrqa, csv, parquet or jsonl (required)",
      choice("trec", "hf", "localrqa", "csv", "parquet", "jsonl"),
    ),
    out: optional("-o, --out <path>", "a folder, or a file with its ending (hf: a folder) (required)", text),
    condition: optional("--condition <condition>", "hf, localrqa: whose answers, for example rag@5", text),
    trial: value("--trial <n>", "hf, localrqa: which trial's answers, from 0", integer(0), 0),
    k: optional(
      "-k <n>",
      "hf, localrqa: passages of a ranking; the largest k of the run's conditions, else 5, when left out",
      integer(1),
    ),
    formulas: value(
      "--formulas <what>",
      "csv: escape puts an apostrophe before text that a spreadsheet would run as a formula; keep leaves it",
      choice("escape", "keep"),
      "escape",
    ),
    force: flag("--force", "replace files that are there"),
  },
  examples: [
    {
      command: "bench export handbook/bm25-reader --as csv --out results.csv",
      says: "a row per question, for a spreadsheet",
    },
    { command: "bench export handbook/bm25-reader --as trec --out bm25.trec", says: "for trec_eval" },
    {
      command: "bench export handbook/bm25-reader --as hf --condition rag@5 --out preds",
      says: "for Hugging Face's eval_rag.py",
    },
  ],
  async run([name], { as, out, ...options }, { cwd, stdout }) {
    const problems = [
      ...(as === undefined ? [missing("--as", "a form", "write for example --as csv")] : []),
      ...(out === undefined ? [missing("--out", "a folder or a file", "write for example --out results.csv")] : []),
    ];
    if (as === undefined || out === undefined) throw new UsageError(...problems);
    const { findRun } = await import("../project/find-run.ts");
    const { exportRun: write } = await import("../../runlog/export-run.ts");
    const { dir } = await findRun(await findProject(cwd), name!);
    const { files, notes } = await write({ dir, as, out: resolve(cwd, out), ...options });
    for (const file of files) line(stdout, printable(relative(cwd, file)));
    for (const note of notes) line(stdout, `  note: ${printable(note)}`);
    return EXIT.ok;
  },
});

function missing(where: string, expected: string, fix: string) {
  return { code: "E_USAGE", where, expected, got: "nothing", fix };
}
