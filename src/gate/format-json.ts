import type { GateVerdict } from "./verdict.ts";

/** The verdict as it is; keys are explained at `GateVerdict`. */
export function gateJson(verdict: GateVerdict): string {
  return `${JSON.stringify(verdict, null, 2)}\n`;
}
