import type { ScaleOptions } from "@observablehq/plot";
import type { Axis } from "../chart.ts";

/** The scale of a quantity that holds these values, round where it can be. */
export function scaleOf({ kind = "linear", range, zero, ticks }: Axis, values: readonly number[]): ScaleOptions {
  if (kind === "log") return logScale(values);
  const all = [...values, ...(ticks ?? []), ...(zero ? [0] : [])].filter(Number.isFinite);
  let [low, high] = all.length === 0 ? [0, 1] : [Math.min(...all), Math.max(...all)];
  if (low === high) {
    const room = kind === "time" ? 43_200_000 : Math.abs(low) / 10 || 0.5;
    [low, high] = [low - room, high + room];
  }
  const [least, most] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const domain = [Math.max(low, least), Math.min(high, most)];
  return { type: kind === "time" ? "utc" : "linear", domain, nice: ticks === undefined, clamp: true };
}

function logScale(values: readonly number[]): ScaleOptions {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  const [least, most] = positive.length === 0 ? [1, 10] : [Math.min(...positive), Math.max(...positive)];
  // Some room on both sides, so that no dot is cut and a single value has an axis. What is 0 stands at the edge.
  return { type: "log", domain: [least / 1.3, most * 1.3], clamp: true };
}

/** Most ticks that a chart has room for. */
const MOST_TICKS = 6;

/** Where an axis has ticks: as many as asked for, or on an axis by ratio at 1, 2 and 5 times powers of ten or at these alone. */
export function ticksOf({ kind, ticks }: Axis, { domain }: ScaleOptions): number | number[] {
  if (ticks) return [...ticks];
  if (kind !== "log") return 4;
  const [low, high] = domain as [number, number];
  const powers = Array.from({ length: 30 }, (_, i) => 10 ** (i - 12));
  const inside = (all: readonly number[]): number[] => all.filter((tick) => tick >= low && tick <= high);
  const fine = inside(powers.flatMap((power) => [power, 2 * power, 5 * power]));
  if (fine.length <= MOST_TICKS && fine.length > 0) return fine;
  const coarse = inside(powers);
  const step = Math.ceil(coarse.length / MOST_TICKS);
  // Within one step of 1, 2, 5 the ends of the data are all there is to say.
  return coarse.length === 0 ? [low * 1.3] : coarse.filter((_, at) => at % step === 0);
}
