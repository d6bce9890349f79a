import { describe, expect, it } from "vitest";
import { questionsFolder, questionsHref, questionsLink } from "./question-address.ts";

const protocol = `sha256:${"ab".repeat(32)}`;

describe("the address of a page of questions", () => {
  it("names suite and protocol, and stays inside the site whatever they are called", () => {
    expect(questionsFolder({ suite: "handbook", protocol })).toBe("questions/handbook/abababababab");
    expect(questionsFolder({ suite: "../../up", protocol })).toBe("questions/..%2F..%2Fup/abababababab");
    expect(questionsHref({ suite: "../../up", protocol })).toBe("questions/..%252F..%252Fup/abababababab/index.html");
    expect(questionsFolder({ suite: "s", protocol: "../../x" })).toMatch(/^questions\/s\/[0-9a-f]{12}$/);
    expect(questionsFolder({ suite: "s", protocol: "x" })).not.toBe(questionsFolder({ suite: "s", protocol: "y" }));
  });

  it("holds a view: question, context, measure, and the runs to show", () => {
    const link = questionsLink({ suite: "s", protocol }, { on: "rag@3", question: "q 1&q=2#x", runs: ["a,b", "c"] });
    const [path, hash] = link.split(/#(.*)/s);
    expect(path).toBe("questions/s/abababababab/index.html");
    const params = new URLSearchParams(hash);
    expect(params.get("question")).toBe("q 1&q=2#x");
    expect(params.getAll("run")).toEqual(["a,b", "c"]);
    expect(params.has("right")).toBe(false);
  });
});
