import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    // What tests leave among the temporary files goes with them.
    setupFiles: ["src/lib/testing/temp-root.ts"],
    // Far above what any test takes on an idle machine: a time-out is for what hangs, not for what waits its turn.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Pages answer a click in a task of its own: what is asked of them is asked again until it holds.
    expect: { poll: { timeout: 10_000 } },
  },
});
