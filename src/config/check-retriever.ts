import type { Problem } from "../core/problem.ts";
import { checkRequest, type Say } from "./check-request.ts";
import type { DenseConfig, FusionConfig, HttpRetrieverConfig, ReplayRankingConfig } from "./retriever-schema.ts";
import { systemParts } from "./system-parts.ts";
import type { SystemConfig } from "./system-schema.ts";
import type { Locate } from "./validate.ts";

/** What a schema cannot say: how the keys of a retriever go together. */
export function checkRetriever(config: SystemConfig, locate: Locate, problems: Problem[]): void {
  for (const { pointer, kind, values } of systemParts({ ...config, generator: undefined })) {
    const say: Say = (key, expected, got, fix) =>
      problems.push({ code: "E_SYSTEM", where: locate(`${pointer}/${key}`), expected, got, fix });
    if (kind === "dense") checkDense(values as DenseConfig, say);
    else if (kind === "fusion") checkFusion(values as FusionConfig, say);
    else if (kind === "replay") checkReplay(values as ReplayRankingConfig, say);
    else if (kind === "http" && "method" in values) checkHttp(values as HttpRetrieverConfig, say);
  }
}

function checkDense({ index }: DenseConfig, say: Say): void {
  if (typeof index !== "object" || index.kind !== "ivf" || index.nprobe <= index.nlist) return;
  say("index/nprobe", `at most nlist, ${index.nlist}`, String(index.nprobe), "visit fewer cells, or make more");
}

function checkReplay({ format = "trec", questions }: ReplayRankingConfig, say: Say): void {
  if (format === "titles" && questions === undefined) {
    say("questions", "the file of the questions that the titles were retrieved for", "none", "add questions: FILE");
  } else if (format !== "titles" && questions !== undefined) {
    say("questions", `nothing for the format ${format}`, "a file", "leave questions out, or write format: titles");
  }
}

function checkFusion({ of, weight, weights }: FusionConfig, say: Say): void {
  if (weight !== undefined && weights !== undefined) {
    say("weight", "weight or weights", "both", "keep one of them");
  } else if (weight !== undefined && of.length !== 2) {
    say("weight", "two retrievers", String(of.length), "write weights, one for each retriever");
  } else if (weights !== undefined && weights.length !== of.length) {
    say("weights", `${of.length} weights, one for each retriever`, String(weights.length), "write one for each");
  } else if (weights !== undefined && !weights.some((w) => w > 0)) {
    say("weights", "a weight above 0", "none", "give at least one retriever a weight");
  }
}

function checkHttp(config: HttpRetrieverConfig, say: Say): void {
  if (config.ids === undefined && config.texts === undefined) {
    say("ids", "a pointer to ids or to texts", "neither", "add ids, such as /hits/*/id");
  }
  checkRequest(config, ["query"], '{"query": {{json query}}, "k": {{k}}}', say);
}
