import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Pages answer a click in a task of its own: what is asked of them is asked again until it holds.
    expect: { poll: { timeout: 10_000 } },
  },
});
