import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * all-MiniLM-L6-v2, which `node scripts/encoder.mjs` makes in the ignored `.cache/`. Tests that need it use
 * `describe.skipIf(!hasEncoder)`, so that its absence is shown as skipped.
 */
export const ENCODER = fileURLToPath(new URL("../../../.cache/encoders/all-minilm-l6-v2", import.meta.url));
export const hasEncoder = existsSync(`${ENCODER}/model.onnx`);
/** What a skipped test says. */
export const NO_ENCODER = hasEncoder ? "" : " (skipped: run node scripts/encoder.mjs first)";
