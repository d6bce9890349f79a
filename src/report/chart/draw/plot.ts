import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { truncate } from "../../../lib/text.ts";
import type { ChartHead } from "../chart.ts";

/** Width of all charts in CSS pixels: on a phone of 360 they lose an eighth, so that their text stays readable. */
export const WIDTH = 376;

/** Width of a letter at the size of a chart's text, on average and in a wide font: which one a reader has is not known. */
const LETTER = 7.4;
/** Pixels of the size that text has. */
const SIZE = 12;

/** Marks are made in it and none is ever attached, so that charts do not know of each other. */
const { document } = parseHTML("<!doctype html><html><body></body></html>");

/** What an element of the tree is asked for; the types of a browser are not at hand. */
interface Node {
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly outerHTML: string;
  querySelectorAll(selector: string): Iterable<Node>;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  prepend(...nodes: readonly Node[]): void;
  remove(): void;
  textContent: string;
}

/**
 * A plot as markup: a picture with name and description, its colours left to the style sheet. Texts are escaped; there is no
 * style, no script and no id in it, so that a strict policy admits it and charts of one page do not meet.
 */
export function svgOf({ title, says }: ChartHead, options: Plot.PlotOptions): string {
  const svg = Plot.plot({ width: WIDTH, className: "chart", ...options, document }) as unknown as Node;
  for (const style of svg.querySelectorAll("style")) style.remove();
  for (const node of [svg, ...svg.querySelectorAll("*")]) tidy(node);
  svg.setAttribute("role", "img");
  const make = (name: string, text: string): Node => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name) as unknown as Node;
    node.textContent = text;
    return node;
  };
  svg.prepend(make("title", truncate(title, 200)), make("desc", says));
  return svg.outerHTML;
}

/** What a style sheet says better, or what repeats for every group, goes; a tenth of a pixel is exact enough. */
const NEEDLESS = /^(?:aria-|font-|stroke)/;

function tidy(node: Node): void {
  for (const { name, value } of Array.from(node.attributes)) {
    if (NEEDLESS.test(name)) node.removeAttribute(name);
    else if (/\.\d\d/.test(value)) {
      node.setAttribute(
        name,
        value.replace(/-?\d*\.\d\d+(?!\d*em)/g, (x) => String(Math.round(Number(x) * 10) / 10)),
      );
    }
  }
}

/** Text for a place of that many pixels, cut by the number of its letters: for names of axes. */
export function fitted(text: string, pixels: number): string {
  return truncate(text, Math.max(3, Math.floor(pixels / LETTER)));
}

/** Plot measures letters of Helvetica; other fonts are wider by as much. */
const WIDER = 1.17;

/** How a text mark is cut to that many pixels, by the widths of its letters: within, since names often differ at their ends. */
export function cutTo(pixels: number): Pick<Plot.TextOptions, "lineWidth" | "textOverflow"> {
  return { lineWidth: Math.max(3, pixels / SIZE / WIDER), textOverflow: "ellipsis-middle" };
}

/** Pixels of a text, about. */
export function widthOf(text: string): number {
  return text.length * LETTER;
}

/** A name in one line, no longer than any mark or its tip can show. */
export function tip(text: string): string {
  return truncate(text.replace(/\s+/g, " "), 300);
}
