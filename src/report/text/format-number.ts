import type { Estimate } from "../../core/estimate.ts";
import { printable } from "../../lib/text.ts";

/** A thin sign for "there is no value". */
export const MISSING = "—";

/**
 * A metric's value as tables print it. Values of metrics that stay within [-1, 1] have three decimals and no leading
 * zero, so that columns align: `.658`, `1.000`, `−.012`. Others have three significant digits and never an exponent.
 */
export function formatValue(value: number, range?: readonly [low: number, high: number]): string {
  const magnitude = Math.abs(value);
  const bounded = range !== undefined && range[0] >= -1 && range[1] <= 1;
  const text = bounded ? magnitude.toFixed(3).replace(/^0/, "") : significant(magnitude);
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** `.658 [.631, .684]`, or why there is no interval. */
export function formatEstimate(estimate: Estimate, range?: readonly [low: number, high: number]): string {
  if (estimate.state === "not-estimable") return MISSING;
  const [mean, low, high] = [estimate.mean, estimate.low, estimate.high].map((x) => formatValue(x, range));
  return `${mean} [${low}, ${high}]`;
}

/** A duration with its unit: `0.4 ms`, `312 ms`, `1.42 s`, `75.0 s`. @param ms in milliseconds, >= 0 */
export function formatDuration(ms: number): string {
  if (ms >= 9_999.5) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 999.5) return `${(ms / 1000).toFixed(2)} s`;
  return ms >= 9.95 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`;
}

/** A whole number with a thin space between thousands: `10 000`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** A confidence level as a percentage: `95 %`, `99.9 %`. */
export function formatLevel(level: number): string {
  return `${Number((level * 100).toFixed(2))}\u00a0%`;
}

/** The first 8 digits of the protocol's hash: enough to tell the protocols of one board apart. */
export function shortProtocol(protocol: string): string {
  return printable(protocol.replace(/^sha256:/, "").slice(0, 8));
}

/** Three significant digits, written out: 12.3, 123, 0.00123. */
function significant(value: number): string {
  if (value === 0) return "0";
  const decimals = Math.max(0, Math.min(12, 2 - Math.floor(Math.log10(value))));
  return value.toFixed(decimals);
}
