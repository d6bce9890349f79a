export { type EmbeddedTexts, type EmbedStoreOptions, embedStream, embedWithStore } from "./embed-with-store.ts";
export type { EmbedCounts, Embedder, EmbedRole } from "./embedder.ts";
export { exportBert } from "./export-bert.ts";
export { type OnnxOptions, openOnnxEmbedder } from "./onnx-embedder.ts";
export { type EmbeddingsEndpoint, type OpenAiEmbedderOptions, openOpenAiEmbedder } from "./openai-embedder.ts";
export type { Pooling } from "./pooling.ts";
export { openStaticEmbedder, type StaticOptions } from "./static-embedder.ts";
export { VectorStore } from "./vector-store.ts";
