import type { Command, CommandSpec, Example, Listed } from "../command.ts";

/** What a list of commands shows of one, and the way to the rest of it. */
export interface Entry extends Listed {
  load(): Promise<Command>;
}

/**
 * Every command, in the order of the help. Only those that a command line names are loaded: the files of all of them take longer to
 * find than the rest of the program.
 */
export const OVERVIEW: readonly Entry[] = [
  entry(
    "init",
    "make a project: suite, systems, a small dataset to replace, CI workflow, .gitignore",
    async () => (await import("./init.ts")).init,
  ),
  entry("run", "put a suite's questions to systems and score the answers", async () => (await import("./run.ts")).run),
  entry(
    "ask",
    "put one question to a system: its passages with scores, its answer, its times",
    async () => (await import("./ask.ts")).ask,
  ),
  entry("show", "print the result tables of runs", async () => (await import("./show.ts")).show),
  entry(
    "diagnose",
    "say why a run's rankings and answers are right or wrong",
    async () => (await import("./diagnose.ts")).diagnose,
  ),
  entry(
    "report",
    "build the leaderboard: a static site that opens from disk",
    async () => (await import("./report.ts")).report,
  ),
  entry(
    "export",
    "write a run for other tools: TREC, Hugging Face, LocalRQA, CSV, Parquet, JSONL",
    async () => (await import("./export.ts")).exportRun,
  ),
  entry(
    "export mlflow",
    "log runs to an MLflow server: settings, estimates with their n and interval, files",
    async () => (await import("./export-mlflow.ts")).exportMlflowRun,
  ),
  entry(
    "compare",
    "compare two or more runs of a suite, question by question",
    async () => (await import("./compare.ts")).compare,
  ),
  entry(
    "history",
    "show a system's runs over time, and flag what changed at once or in small steps",
    async () => (await import("./history.ts")).history,
  ),
  entry(
    "plan",
    "say how many questions it takes to tell a difference, from a pilot's spread",
    async () => (await import("./plan.ts")).plan,
  ),
  entry(
    "gate",
    "compare a candidate with a baseline; fail on a regression",
    async () => (await import("./gate.ts")).gate,
  ),
  entry(
    "baseline",
    "keep a finished run as the baseline that `bench gate` compares with",
    async () => (await import("./baseline.ts")).baseline,
  ),
  entry(
    "fit",
    "find the reader's threshold, decline_below, on the eval split",
    async () => (await import("./fit.ts")).fit,
  ),
  entry(
    "tune",
    "choose BM25's k1 and b, or the weight of a fusion, on the eval split",
    async () => (await import("./tune.ts")).tune,
  ),
  entry(
    "sweep",
    "measure retrieval over a grid of settings, sizes of passages and k, and recommend one with its evidence",
    async () => (await import("./sweep.ts")).sweep,
  ),
  entry(
    "probe context",
    "measure answers by how long the context is and where in it the gold stands",
    async () => (await import("./probe-context.ts")).probeContext,
  ),
  entry(
    "probe distractors",
    "measure answers by how many passages beside the gold do not answer the question",
    async () => (await import("./probe-distractors.ts")).probeDistractors,
  ),
  entry(
    "probe paraphrase",
    "measure retrieval and answers when the same question is written differently",
    async () => (await import("./probe-paraphrase.ts")).probeParaphrase,
  ),
  entry(
    "load",
    "measure how a system's generator bears load: times, throughput, and the rate up to which it keeps a limit",
    async () => (await import("./load.ts")).load,
  ),
  entry(
    "embed",
    "encode a dataset's passages and build a system's index ahead of a run",
    async () => (await import("./embed.ts")).embed,
  ),
  entry(
    "explain",
    "print what a suite, system or metric resolves to, and where each value came from",
    async () => (await import("./explain.ts")).explain,
  ),
  entry("metrics", "list the metrics, or define the ones named", async () => (await import("./metrics.ts")).metrics),
  entry(
    "dataset read",
    "read pages (text, Markdown, HTML, PDF) into a snapshot with hash and date, to be cut into passages",
    async () => (await import("./dataset-read.ts")).datasetRead,
  ),
  entry(
    "dataset import",
    "turn a dataset of another form into a folder of datasets/",
    async () => (await import("./dataset-import.ts")).datasetImport,
  ),
  entry(
    "dataset export",
    "write a dataset in another form",
    async () => (await import("./dataset-export.ts")).datasetExport,
  ),
  entry(
    "dataset check",
    "find what is wrong with a dataset: broken rows, dangling ids, odd encodings, answers nowhere in the gold",
    async () => (await import("./dataset-check.ts")).datasetCheck,
  ),
  entry(
    "dataset show",
    "what a dataset holds: counts, lengths, tags, examples",
    async () => (await import("./dataset-show.ts")).datasetShow,
  ),
  entry(
    "dataset chunk",
    "cut documents into passages: a snapshot's, or a dataset's anew; questions stay and gold follows as spans",
    async () => (await import("./dataset-chunk.ts")).datasetChunk,
  ),
  entry(
    "dataset duplicates",
    "passages with the same text, and groups of nearly the same (Jaccard of word shingles, by MinHash)",
    async () => (await import("./dataset-duplicates.ts")).datasetDuplicates,
  ),
  entry(
    "judge init",
    "copy a judge into the project, to be edited: rubric, prompt, examples",
    async () => (await import("./judge-init.ts")).judgeInit,
  ),
  entry(
    "judge fit",
    "fit a judge without a model to people's labels: the baseline a paid judge has to beat",
    async () => (await import("./judge-fit.ts")).judgeFit,
  ),
  entry(
    "judge run",
    "have a judge grade the stored answers of runs",
    async () => (await import("./judge-run.ts")).judgeRun,
  ),
  entry(
    "judge pairs",
    "have a judge choose the better of two runs' answers, every pair in both orders",
    async () => (await import("./judge-pairs.ts")).judgePairs,
  ),
  entry(
    "judge passages",
    "have a judge grade the passages that runs found, and make qrels of it",
    async () => (await import("./judge-passages.ts")).judgePassages,
  ),
  entry(
    "judge probe",
    "try to mislead a judge: padding, authority, instructions, gibberish, wrong numbers, swapped order",
    async () => (await import("./judge-probe.ts")).judgeProbe,
  ),
  entry(
    "calibrate",
    "measure a judge against people's labels of the same answers",
    async () => (await import("./calibrate.ts")).calibrate,
  ),
  entry(
    "judge plan",
    "how many labels a judge's mean needs for an interval of a wanted width, from a pilot",
    async () => (await import("./judge-plan.ts")).judgePlan,
  ),
  entry(
    "judge correct",
    "correct a judge's means by people's labels of some of the answers",
    async () => (await import("./judge-correct.ts")).judgeCorrect,
  ),
  entry(
    "judge compare",
    "rank judges by their agreement with people, and say which cannot be told from the best",
    async () => (await import("./judge-compare.ts")).judgeCompare,
  ),
  entry(
    "cache show",
    "how many answers of endpoints are kept, since when, and of which runs",
    async () => (await import("./cache-show.ts")).cacheShow,
  ),
  entry(
    "cache prune",
    "remove kept answers, the oldest first",
    async () => (await import("./cache-prune.ts")).cachePrune,
  ),
  entry(
    "system import",
    "make a dataset, a suite and a system of each file of answers that other tools saved",
    async () => (await import("./system-import.ts")).systemImport,
  ),
  entry(
    "refusal check",
    "measure a refusal detector on answers that people labelled: precision, recall, and what it got wrong",
    async () => (await import("./refusal-check.ts")).refusalCheck,
  ),
  entry(
    "refusal fit",
    "choose the confidence below which a system should decline, on one run, and measure it on another",
    async () => (await import("./refusal-fit.ts")).refusalFit,
  ),
  entry(
    "log show",
    "print what a run's log holds, question by question",
    async () => (await import("./log-show.ts")).logShow,
  ),
  entry(
    "log verify",
    "check that logs are whole and unchanged: hashes, counts, nothing twice, nothing missing",
    async () => (await import("./log-verify.ts")).logVerify,
  ),
  entry(
    "doctor",
    "say what is there and what is missing: Node, project, optional parts, variables that systems need",
    async () => (await import("./doctor.ts")).doctor,
  ),
];

/** Where to begin, for whoever asks for help and names no command. */
export const FIRST_STEPS: readonly Example[] = [
  { command: "bench init", says: "makes the project in the current folder" },
  { command: "bench run --system bm25-reader --topk 3,5,7", says: "one system at three depths on the only suite" },
  { command: "bench run --system raft-8b --limit 4", says: "a pilot of four questions: says what all would take" },
  { command: "bench report", says: "builds site/ from every run in runs/ and prints where it is" },
];

function entry(name: string, summary: string, spec: () => Promise<CommandSpec>): Entry {
  return { name, summary, load: async () => ({ name, summary, ...(await spec()) }) };
}
