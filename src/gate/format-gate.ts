import { gateJunit } from "./format-junit.ts";
import { gateMarkdown } from "./format-markdown.ts";
import { gateText } from "./format-text.ts";
import type { GateFormat } from "./gate-formats.ts";
import type { GateVerdict } from "./verdict.ts";

const FORMATTERS = {
  text: gateText,
  json: gateJson,
  junit: gateJunit,
  markdown: gateMarkdown,
} as const satisfies Record<GateFormat, (verdict: GateVerdict) => string>;

/** A verdict for people (`text`), programs (`json`), build servers (`junit`) or a pull request (`markdown`); ends in a new line. */
export function formatGate(verdict: GateVerdict, format: GateFormat): string {
  return FORMATTERS[format](verdict);
}

/** Keys are explained at `GateVerdict`. */
function gateJson(verdict: GateVerdict): string {
  return `${JSON.stringify(verdict, null, 2)}\n`;
}
