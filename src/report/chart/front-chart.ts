import { truncate } from "../../lib/text.ts";
import { type Axis, type ChartHead, inWords } from "./chart.ts";
import { nameOf } from "./series-chart.ts";

/** A system as a point: what it costs, how good it is. */
export interface FrontPoint {
  readonly name: string;
  /** What stands beside the point, where the name is long. */
  readonly label?: string | undefined;
  /** Less is better. */
  readonly x: number;
  readonly y: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** Whether paired evidence cannot tell its quality apart from the best. */
  readonly tied: boolean;
}

/** Quality against what it costs, with the points that no other one beats in both. */
export interface FrontChart extends ChartHead {
  readonly kind: "front";
  readonly x: Axis;
  readonly y: Axis;
  readonly points: readonly (FrontPoint & { readonly front: boolean })[];
}

export interface FrontOptions extends Omit<FrontChart, "kind" | "says" | "points" | "numbers"> {
  readonly better: "higher" | "lower";
  readonly points: readonly FrontPoint[];
}

export function frontChart({ better, points, ...chart }: FrontOptions): FrontChart {
  const front = frontOf(points, better);
  const marked = points.map((point) => ({ ...point, front: front.has(point) })).sort((a, b) => a.x - b.x);
  const { x, y } = chart;
  return {
    kind: "front",
    ...chart,
    points: marked,
    says: inWords(
      `${nameOf(y)} against ${nameOf(x)} of ${points.length} points; ${front.size} are not beaten in both by another one:`,
      marked
        .filter((point) => point.front)
        .map((point) => `${truncate(point.name, 60)}: ${y.format(point.y)} for ${x.format(point.x)}.`),
    ),
  };
}

/** Points that no other one dominates: none is as cheap and as good, and better in one of both. By means alone. */
export function frontOf<T extends Pick<FrontPoint, "x" | "y">>(
  points: readonly T[],
  better: "higher" | "lower",
): ReadonlySet<T> {
  const good = ({ y }: T): number => (better === "higher" ? y : -y);
  const found = new Set<T>();
  let best = Number.NEGATIVE_INFINITY;
  let bestAt = Number.NaN;
  // From cheap to dear, of equal ones the best first: a point stands if it is better than all cheaper ones.
  for (const point of points.toSorted((a, b) => a.x - b.x || good(b) - good(a))) {
    if (good(point) > best) [best, bestAt] = [good(point), point.x];
    else if (!(good(point) === best && point.x === bestAt)) continue;
    found.add(point);
  }
  return found;
}
