import { join, relative, resolve } from "node:path";
import { findProject } from "../../config/project.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import type { ImportSource } from "../../dataset/import/import-dataset.ts";
import { printable } from "../../lib/text.ts";
import { defineCommand, flag, list, optional, value } from "../command.ts";
import { line } from "../deps.ts";
import { choice, text } from "../parse-value.ts";

interface Given {
  readonly paths: readonly string[];
  readonly documents: readonly string[];
  readonly topics: string | undefined;
  readonly qrels: readonly string[];
  readonly topicField: "TITLE" | "DESC";
}

export const datasetImport = defineCommand({
  name: "dataset import",
  summary: "turn a dataset of another form into a folder of datasets/",
  details: [
    "Forms:",
    "  beir      a folder with corpus.jsonl, queries.jsonl and qrels/<split>.tsv",
    "  localrqa  a folder with passages.jsonl and <split>_w_qa.jsonl or <split>_w_q.jsonl (and docs.jsonl)",
    "  squad2    SQuAD 2 JSON files, each as SPLIT=FILE; the split is test when left out",
    "  trec      --documents, --topics and --qrels: TREC's <DOC> and <top>, or SMART's .I files such as cranfield",
  ].join("\n"),
  args: [
    { name: "<form>", summary: "beir, localrqa, squad2 or trec" },
    { name: "[source...]", summary: "the folder or files to read" },
  ],
  options: {
    into: optional("--into <id>", "the dataset's id: its folder in datasets/ (required)", text),
    documents: list("--documents <file>", "trec: document files", text),
    topics: optional("--topics <file>", "trec: the file of queries", text),
    qrels: list("--qrels <split=file>", "trec: judgements of a split", text),
    topicField: value(
      "--topic-field <field>",
      "trec: which part of a <top> is the question",
      choice("TITLE", "DESC"),
      "TITLE",
    ),
    title: optional("--title <title>", "the dataset's title", text),
    license: optional("--license <licence>", "the licence of the data, as an SPDX id", text),
    force: flag("--force", "replace a dataset of that id"),
  },
  examples: [
    { command: "bench dataset import localrqa ./faire --into faire", says: "LocalRQA's folder to datasets/faire" },
    {
      command:
        "bench dataset import trec --documents cran.all.1400 --topics cran.qry --qrels test=qrels.trec --into cranfield",
      says: "a SMART collection with TREC judgements",
    },
    { command: "bench dataset import squad2 eval=dev-v2.0.json --into squad2", says: "paragraphs become passages" },
  ],
  async run([form, ...paths], options, { cwd, stdout }) {
    const from = choice("beir", "localrqa", "squad2", "trec")(form!, "<form>");
    if (options.into === undefined || !/^\w[\w.-]*$/.test(options.into)) {
      throw new UsageError({
        code: "E_USAGE",
        where: "--into",
        expected: "a folder name of letters, digits, '.', '_' and '-'",
        got: options.into === undefined ? "nothing" : JSON.stringify(options.into),
        fix: "name the dataset: --into mine",
      });
    }
    const { importDataset } = await import("../../dataset/import/import-dataset.ts");
    const project = await findProject(cwd);
    const into = join(project.datasets, options.into);
    const { counts, notes, skipped } = await importDataset({
      ...sourceOf(from, { ...options, paths }, cwd),
      into,
      title: options.title,
      license: options.license,
      force: options.force,
    });
    const documents = counts.documents > 0 ? `, ${counts.documents} documents` : "";
    line(
      stdout,
      `${relative(cwd, into)}: ${counts.passages} passages, ${counts.queries} questions, ${counts.judgements} judgements${documents}`,
    );
    for (const note of notes) line(stdout, `  note: ${printable(note)}`);
    for (const [reason, count] of skipped) line(stdout, `  left out ${count}: ${printable(reason)}`);
    line(stdout, `\nNext: bench dataset check ${options.into}`);
    return EXIT.ok;
  },
});

function sourceOf(from: "beir" | "localrqa" | "squad2" | "trec", given: Given, cwd: string): ImportSource {
  const { paths, documents, topics, qrels, topicField } = given;
  switch (from) {
    case "beir":
    case "localrqa":
      return { from, source: resolve(cwd, only(paths, "one folder")) };
    case "squad2":
      if (paths.length === 0) only(paths, "one file or more, each as SPLIT=FILE");
      return { from, source: paths.map((p) => splitFile(p, cwd)) };
    case "trec":
      if (documents.length === 0) missing("--documents", "the files of documents");
      if (topics === undefined) missing("--topics", "the file of queries");
      if (qrels.length === 0) missing("--qrels", "judgements as SPLIT=FILE");
      return {
        from,
        source: {
          documents: documents.map((p) => resolve(cwd, p)),
          topics: resolve(cwd, topics!),
          qrels: qrels.map((q) => splitFile(q, cwd)),
          topicField,
        },
      };
  }
}

function splitFile(written: string, cwd: string): { split: string; path: string } {
  const at = /^(\w[\w-]*)=(.+)$/s.exec(written);
  return at ? { split: at[1]!, path: resolve(cwd, at[2]!) } : { split: "test", path: resolve(cwd, written) };
}

function only(paths: readonly string[], expected: string): string {
  if (paths.length === 1) return paths[0]!;
  throw new UsageError({
    code: "E_USAGE",
    where: "<source>",
    expected,
    got: paths.length === 0 ? "nothing" : `${paths.length}`,
    fix: "see the examples of `bench dataset import --help`",
  });
}

function missing(where: string, expected: string): never {
  throw new UsageError({ code: "E_USAGE", where, expected, got: "nothing", fix: `add ${where}` });
}
