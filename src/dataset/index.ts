export { checkDataset, type DatasetCheck, datasetProblems, type Finding } from "./check/check-dataset.ts";
export { type Chunk, chunkDocument, type SourceText } from "./chunk/chunk-document.ts";
export { type ChunkDocumentsOptions, chunkDocuments } from "./chunk/chunk-documents.ts";
export {
  CHUNK_PRESETS,
  type Chunking,
  type ChunkSettings,
  type ChunkUnit,
  chunkingHash,
  LANGCHAIN_SEPARATORS,
  RAFT_SEPARATORS,
  SEPARATORS,
} from "./chunk/chunk-settings.ts";
export type { LostGold } from "./chunk/gold-spans.ts";
export { type RechunkOptions, type RechunkResult, rechunk } from "./chunk/rechunk.ts";
export type { SplitSpans } from "./chunk/span-qrels.ts";
export { type TokenOffsets, tokenOffsetsByWord } from "./chunk/unit-starts.ts";
export {
  type Dataset,
  type DatasetPassage,
  type DatasetQuery,
  type Metadata,
  openDataset,
  type Qrels,
} from "./dataset.ts";
export { type DatasetDescription, describeDataset, type Example, type SplitDescription } from "./describe-dataset.ts";
export type { JudgedDocument } from "./document-gold.ts";
export { type Documents, type DocumentText, openDocuments } from "./documents.ts";
export {
  DATASET_EXPORTS,
  type DatasetExport,
  type DatasetExported,
  type ExportDatasetOptions,
  exportDataset,
} from "./export/export-dataset.ts";
export type { Fingerprint } from "./fingerprint.ts";
export type { BeirSource, SplitFile } from "./import/from-beir.ts";
export type { HfSource, HfSplit } from "./import/from-hf.ts";
export type { LocalrqaSource } from "./import/from-localrqa.ts";
export type { QuestionsSource } from "./import/from-questions.ts";
export type { TableSource } from "./import/from-table.ts";
export type { TrecSource } from "./import/from-trec.ts";
export { type ImportOptions, type ImportResult, type ImportSource, importDataset } from "./import/import-dataset.ts";
export type { ImportCounts } from "./import/target.ts";
export type { LengthSummary } from "./lengths.ts";
export type { DatasetManifest } from "./manifest.ts";
export {
  type DuplicateGroup,
  type NearDuplicateOptions,
  type NearDuplicates,
  nearDuplicates,
} from "./near-duplicates.ts";
export { openPassageStore, type PassageStore } from "./passage-store.ts";
export type { DocumentFormat, ReadDocument, ReadResult } from "./read/read-document.ts";
export { type ReadFilesOptions, readFiles } from "./read/read-files.ts";
export { readLocalrqaDocuments } from "./read/read-localrqa-documents.ts";
export { type ReadSitemapOptions, readSitemap } from "./read/read-sitemap.ts";
export {
  isSnapshot,
  readSnapshot,
  type SnapshotManifest,
  type SnapshotResult,
  snapshotManifest,
  type WriteSnapshotOptions,
  writeSnapshot,
} from "./read/snapshot.ts";
export type { DocumentRow } from "./row-schema.ts";
export { judgementsFromSpans, type SpanJudgement, type SpanRule, strictJudgements } from "./span-judgements.ts";
