import { describe, expect, it } from "vitest";
import { afterMarker } from "./answer-marker.ts";

describe("afterMarker", () => {
  it.each([
    ["takes what follows the marker, without it", "Because. <ANSWER>: 8K", "8K"],
    ["takes the last of several markers", "<ANSWER>: no, wait. <ANSWER>: 8K", "8K"],
    ["keeps everything where there is no marker", " 8K tokens ", "8K tokens"],
    ["finds the marker in another case", "x <Answer>: 8K", "8K"],
    ["removes quote marks and keeps what is quoted", "<ANSWER>: ##begin_quote##8K##end_quote## tokens", "8K tokens"],
    ["gives an empty answer when nothing follows", "thinking… <ANSWER>:", ""],
    ["is not misled by letters that grow when lower-cased", "İİİ <ANSWER>: İ8K", "İ8K"],
  ])("%s", (_title, text, expected) => {
    expect(afterMarker(text, "<ANSWER>:")).toBe(expected);
  });

  it("takes the marker literally", () => {
    expect(afterMarker("a.b .* c", ".*")).toBe("c");
    expect(afterMarker("text", "")).toBe("text");
  });
});
