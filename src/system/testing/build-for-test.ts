import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { System } from "../../config/resolved.ts";
import type { GeneratorConfig, OpenAiConfig, SystemConfig } from "../../config/system-schema.ts";
import type { Clock } from "../../core/contracts.ts";
import type { Passage } from "../../core/passage.ts";
import { type BuiltSystem, buildSystem, type SystemDeps } from "../build-system.ts";

/** The machine's clock, for tests that measure. */
export const realClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export const OPENAI_DEFAULTS: Omit<OpenAiConfig, "base_url"> = {
  kind: "openai",
  model: "small",
  api: "chat",
  temperature: 0,
  max_tokens: 64,
  logprobs: false,
  stream: true,
  timeout_s: 5,
  max_attempts: 3,
  concurrency: 4,
};

/** A resolved system as the loader would give it. */
export function systemOf(config: SystemConfig, options: { file?: string; publicConfig?: SystemConfig } = {}): System {
  const { file = "systems/under-test.yaml", publicConfig = config } = options;
  return { id: "under-test", file, sha256: "0", config, publicConfig, origins: new Map() };
}

/** Builds a system with an empty cache (it goes with the test file) and a sleep that does not wait; both can be replaced. */
export async function buildForTest(
  system: System | SystemConfig,
  passages: readonly Passage[] = [],
  deps: Partial<SystemDeps> = {},
): Promise<BuiltSystem> {
  return buildSystem("config" in system ? system : systemOf(system), {
    passages: async function* () {
      yield* passages;
    },
    corpusSha256: "corpus",
    cacheDir: await mkdtemp(join(tmpdir(), "system-")),
    env: {},
    signal: new AbortController().signal,
    clock: realClock,
    sleep: async () => undefined,
    ...deps,
  });
}

export function openAi(base_url: string, more: Partial<OpenAiConfig> = {}): { generator: GeneratorConfig } {
  return { generator: { ...OPENAI_DEFAULTS, base_url, ...more } };
}
