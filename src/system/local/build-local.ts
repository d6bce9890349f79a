import type { LocalGeneratorConfig } from "../../config/local-generator-schema.ts";
import type { Generator } from "../../core/contracts.ts";
import type { BuildContext } from "../build-context.ts";
import { besideSystem, placeOf } from "../named-file.ts";
import { DEFAULT_PROMPT } from "../prompt/default-prompt.ts";
import { readPrompt } from "../prompt/read-prompt.ts";
import { localGenerator } from "./local-generator.ts";
import { type LocalModel, openLocalModel } from "./local-model.ts";

/** A GGUF file in this process. It is loaded before the first question, not when the system is built. */
export async function buildLocal(config: LocalGeneratorConfig, context: BuildContext): Promise<Generator> {
  const { system, deps } = context;
  const prompt = await readPrompt(system, {
    file: config.prompt,
    builtIn: DEFAULT_PROMPT,
    pointer: "/generator/prompt",
    history: config.history === "prompt",
  });
  let opened: Promise<LocalModel> | undefined;
  const open = (signal: AbortSignal): Promise<LocalModel> => {
    const { context_size: contextSize, threads } = config;
    const where = placeOf(system, "/generator/path");
    opened ??= openLocalModel({ path: besideSystem(system, config.path), where, contextSize, threads }, signal).catch(
      (error: unknown) => {
        // Another try may be allowed more time.
        opened = undefined;
        throw error;
      },
    );
    return opened;
  };
  context.preflights.push(async (signal) => {
    await open(signal);
  });
  context.closers.push(async () => {
    const model = await opened?.catch(() => undefined);
    await model?.close();
  });
  return localGenerator(config, prompt, deps.clock, open);
}
