import { expect, it } from "vitest";
import { momentText } from "./templates.ts";

it("says a moment to the minute, and leaves what is none as it stands", () => {
  expect(momentText("2026-03-02T10:04:11.000Z")).toBe("2026-03-02 10:04 UTC");
  expect(momentText("2026-03-02T10:04:11Z")).toBe("2026-03-02 10:04 UTC");
  expect(momentText("2026-03-02")).toBe("2026-03-02");
  expect(momentText("")).toBe("");
});
