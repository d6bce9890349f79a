import type { System } from "../config/resolved.ts";
import type { SystemDeps } from "./build-system.ts";
import type { InspectedEndpoint } from "./openai/inspect-endpoint.ts";

/**
 * Looks at a system's generator behind an OpenAI-compatible server: see `openai/inspect-endpoint.ts`, which is loaded only for one.
 * @returns undefined for a generator of another kind
 */
export async function inspectEndpoint(
  system: System,
  deps: Pick<SystemDeps, "env" | "clock" | "fetch" | "sleep" | "random">,
): Promise<InspectedEndpoint | undefined> {
  if (system.config.generator?.kind !== "openai") return undefined;
  return (await import("./openai/inspect-endpoint.ts")).inspectEndpoint(system, deps);
}
