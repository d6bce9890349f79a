import { join, relative } from "node:path";
import { findProject } from "../../config/project.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import { printable } from "../../lib/text.ts";
import { defineCommand, flag, list, optional, value } from "../command.ts";
import { IMPORT_FORMS } from "../dataset/import-forms.ts";
import { line } from "../deps.ts";
import { choice, text } from "../terminal/parse-value.ts";

export const datasetImport = defineCommand({
  details: [
    "Forms:",
    "  beir      a folder with corpus.jsonl, queries.jsonl and qrels/<split>.tsv",
    "  localrqa  a folder with passages.jsonl and <split>_w_qa.jsonl or <split>_w_q.jsonl (and docs.jsonl)",
    "  squad2    SQuAD 2 JSON files, each as SPLIT=FILE; the split is test when left out",
    "  questions JSON or JSONL of question and answer, each as SPLIT=FILE, or a folder of <split>.source and <split>.target;",
    "            no judgements, and passages only with --corpus",
    "  hf        Hugging Face's RAG files: evaluation sets of one question a line, each as SPLIT=FILE, with --knowledge",
    "            (title, tab, text), --titles, and --qa or --ans; files of one split must have as many lines",
    "  dpr       DPR's biencoder JSON files, each as SPLIT=FILE",
    "  mlflow, ragas, promptfoo   tables with a row per question, each as SPLIT=FILE: .csv, .tsv, .jsonl, .json or .parquet;",
    "            columns go by the tool's names (--column names others), the rest becomes metadata; lists as JSON or Python",
    "            has them. mlflow: question and sources (documents that hold the answer). ragas: user_input, reference,",
    "            reference_contexts (relevant), retrieved_contexts (kept, not judged). promptfoo: question, context, __expected",
    "  tables    a folder that `bench dataset export --as csv|parquet|jsonl` wrote",
    "  trec      --documents, --topics and --qrels: TREC's <DOC> and <top>, or SMART's .I files such as cranfield",
    "Files of hf, dpr, questions and the tables may be compressed (.gz).",
  ].join("\n"),
  args: [
    { name: "<form>", summary: IMPORT_FORMS.join(", ") },
    { name: "[source...]", summary: "the folder or files to read" },
  ],
  options: {
    into: optional("--into <id>", "the dataset's id: its folder in datasets/ (required)", text),
    corpus: optional("--corpus <file>", "questions, mlflow, ragas, promptfoo: a corpus.jsonl to take along", text),
    documents: list("--documents <file>", "trec: document files", text),
    topics: optional("--topics <file>", "trec: the file of queries", text),
    qrels: list("--qrels <split=file>", "trec: judgements of a split", text),
    topicField: value(
      "--topic-field <field>",
      "trec: which part of a <top> is the question",
      choice("TITLE", "DESC"),
      "TITLE",
    ),
    knowledge: optional("--knowledge <file>", "hf: the passages, as lines of title, tab, text", text),
    titles: list("--titles <split=file>", "hf: titles of the pages that hold the answer, with tabs between", text),
    qa: list("--qa <split=file>", "hf: lines of question, tab, Python list of accepted answers", text),
    ans: list("--ans <split=file>", "hf: one accepted answer a line", text),
    escaped: flag(
      "--escaped",
      "hf: \\n, \\r, \\t and \\\\ in a line stand for characters, as our own export writes them",
    ),
    column: list(
      "--column <role=name>",
      "tables: the column of id, question, answers, contexts, sources or retrieved",
      text,
    ),
    title: optional("--title <title>", "the dataset's title", text),
    license: optional("--license <licence>", "the licence of the data, as an SPDX id", text),
    language: optional("--language <tag>", "the language of the data, as a BCP 47 tag such as en", text),
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
    {
      command: "bench dataset import questions test=faq.jsonl --into faq",
      says: "for systems that answer from memory",
    },
    {
      command:
        "bench dataset import hf test=questions.txt --knowledge wiki.tsv --titles test=pages.tsv --qa test=gold.tsv --into nq",
      says: "Hugging Face's RAG example: relevant titles and accepted answers",
    },
    { command: "bench dataset import dpr dev=biencoder-nq-dev.json.gz --into nq-dpr", says: "DPR's relevance data" },
    {
      command: "bench dataset import mlflow test=retriever.csv --column sources=expected --into docs",
      says: "questions with a list of expected sources: relevance of whole documents",
    },
    {
      command: "bench dataset import ragas test=testset.parquet --into testset",
      says: "a RAGAS test set; promptfoo likewise",
    },
  ],
  async run([form, ...paths], options, { cwd, stdout }) {
    const from = choice(...IMPORT_FORMS)(form!, "<form>");
    if (options.into === undefined || !/^\w[\w.-]*$/.test(options.into)) {
      throw new UsageError({
        code: "E_USAGE",
        where: "--into",
        expected: "a folder name of letters, digits, '.', '_' and '-'",
        got: options.into === undefined ? "nothing" : JSON.stringify(options.into),
        fix: "name the dataset: --into mine",
      });
    }
    const { importSource } = await import("../dataset/import-source.ts");
    const { importDataset } = await import("../../dataset/import/import-dataset.ts");
    const project = await findProject(cwd);
    const into = join(project.datasets, options.into);
    const { counts, notes, skipped } = await importDataset({
      ...(await importSource(from, { ...options, paths }, cwd)),
      into,
      title: options.title,
      license: options.license,
      language: options.language,
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
