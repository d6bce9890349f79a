export { readerSettings } from "./build-generator.ts";
export { type BuildProgress, type BuiltSystem, buildSystem, type SystemDeps } from "./build-system.ts";
export { openReader } from "./open-reader.ts";
export { type FitReaderOptions, fitReader, type ReaderFit, type ReaderSample } from "./reader/fit-reader.ts";
export { REFUSAL, type ReaderSettings, type Reading, read } from "./reader/read.ts";
export type { TermStatistics } from "./reader/terms.ts";
