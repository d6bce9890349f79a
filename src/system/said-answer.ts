import type { Answer, Timing } from "../core/contracts.ts";
import { afterMarker } from "../lib/answer-marker.ts";

/**
 * The answer proper in what a system said: what follows its marker, without white space at both ends.
 * @returns with `raw`, all that was said, where that differs
 */
export function saidAnswer(said: string, marker: string | undefined): Pick<Answer, "text" | "raw"> {
  const text = marker === undefined ? said.trim() : afterMarker(said, marker);
  return { text, ...(said !== text && { raw: said }) };
}

/** The times of one call, from three moments of one clock; the middle one only where the system streamed. */
export function measuredTiming(started: number, firstTokenAt: number | undefined, ended: number): Timing {
  const first = firstTokenAt === undefined ? {} : { firstTokenMs: firstTokenAt - started };
  return { ...first, ms: ended - started, source: "measured" };
}
