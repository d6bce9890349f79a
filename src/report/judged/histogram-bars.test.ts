import { describe, expect, it } from "vitest";
import { histogramBars } from "./histogram-bars.ts";

const heights = (svg: string) => [...svg.matchAll(/<rect[^>]* height="([\d.]+)"/g)].map(([, height]) => Number(height));

describe("histogramBars", () => {
  it("draws counts in proportion, the largest as high as the picture, none as nothing", () => {
    expect(heights(histogramBars([5, 0, 10, 20]))).toEqual([7, 14, 28]);
    expect(histogramBars([5, 0, 10, 20])).toContain('x="28"');
  });

  it("never draws some as none, nor anything of no counts", () => {
    expect(heights(histogramBars([1, 100_000]))[0]).toBe(1.5);
    expect(heights(histogramBars([0, 0]))).toEqual([]);
    expect(histogramBars([])).not.toMatch(/NaN|Infinity/);
  });

  it("is hidden from readers of the screen, who get the counts in words", () => {
    expect(histogramBars([1])).toContain('aria-hidden="true"');
  });
});
