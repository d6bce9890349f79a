import { describe, expect, it } from "vitest";
import { readPdf } from "./read-pdf.ts";
import { pdfOf, tinyPdf } from "./testing/tiny-pdf.ts";

describe("readPdf", () => {
  it.each([false, true])("reads the pages and the title (packed: %s)", async (packed) => {
    const pdf = tinyPdf([["Returns are free.", "Within (thirty) days."], [], ["Page three."]], {
      title: "Returns",
      packed,
    });
    expect(await readPdf(pdf)).toEqual({
      title: "Returns",
      text: "Returns are free.\nWithin (thirty) days.\n\nPage three.",
    });
  });

  it("leaves the bytes as they are, so that they can be hashed and read again", async () => {
    const pdf = tinyPdf([["x"]]);
    const before = Buffer.from(pdf);
    expect(await readPdf(pdf)).toEqual(await readPdf(pdf));
    expect(pdf.equals(before)).toBe(true);
  });

  it("has no text where pages are pictures", async () => {
    expect(await readPdf(tinyPdf([[], []]))).toEqual({ text: "" });
  });

  it.each([
    ["no PDF", Buffer.from("hello")],
    ["nothing", Buffer.alloc(0)],
    ["the start of a PDF", tinyPdf([["x".repeat(500)]]).subarray(0, 40)],
  ])("says that %s is broken", async (_name, bytes) => {
    await expect(readPdf(bytes)).rejects.toThrow(/PDF/);
  });

  it("does not unpack a few kilobytes to gigabytes", async () => {
    const bomb = pdfOf([Buffer.alloc(200 * 1024 * 1024, " ")], { packed: true });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    await expect(readPdf(bomb)).rejects.toThrow("unpacks to more than 64 MiB");
  });
});
