export {
  type Dataset,
  type DatasetPassage,
  type DatasetQuery,
  type Metadata,
  openDataset,
  type Qrels,
} from "./dataset.ts";
export type { Fingerprint } from "./fingerprint.ts";
export type { DatasetManifest } from "./manifest.ts";
export { openPassageStore, type PassageStore } from "./passage-store.ts";
export { judgementsFromSpans, type SpanJudgement } from "./span-judgements.ts";
