import { describe, expect, it } from "vitest";
import { madeCalibration } from "../testing/judged-run.ts";
import { formatCalibration } from "./calibration-text.ts";

const HOSTILE = ["\u001b[31mred\nexact  1.000", "<img src=x> [a](javascript:b) | @all"];

describe("tags and systems in a calibration", () => {
  const [criterion] = madeCalibration().criteria;
  const byTag = HOSTILE.map((name) => ({ ...criterion!.bySystem[0]!, name }));
  const calibration = madeCalibration({ criteria: [{ ...criterion!, byTag, bySystem: byTag }] });

  it("cannot break a row of the terminal's table, nor colour it", () => {
    const text = formatCalibration(calibration, "text", { columns: 120 });
    expect(text).not.toContain("\u001b");
    expect(text).toMatch(/^\\u001b\[31mred exact {2}1\.000 +150 /m);
  });

  it("cannot become markup, an image or a mention where the calibration is Markdown", () => {
    const text = formatCalibration(calibration, "markdown", { columns: 120 });
    expect(text).not.toMatch(/<|javascript:|@|\u001b/);
    expect(text).toContain("&#60;img src=x&#62; &#91;a&#93;&#40;javascript&#58;b&#41; &#124; &#64;");
  });
});
