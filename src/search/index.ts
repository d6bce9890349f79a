export { type Analyzer, type AnalyzerSettings, analyzer } from "./analyzer.ts";
export { Bm25Index, type Bm25Settings } from "./bm25-index.ts";
export { buildBm25 } from "./build-bm25.ts";
export { type FusionSettings, fuse } from "./fusion.ts";
export { type Normalisation, normaliseScores } from "./normalise-scores.ts";
export { type OpenBm25Options, openBm25 } from "./open-bm25.ts";
