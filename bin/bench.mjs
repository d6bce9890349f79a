#!/usr/bin/env node
import { existsSync } from "node:fs";

// In a clone the sources are beside this file: what is missing or stale is set up first. A package has only `dist`.
if (existsSync(new URL("../src/cli/main.ts", import.meta.url))) {
  const { setUpOrExit } = await import("../scripts/setup.mjs");
  setUpOrExit();
}
await import("../dist/cli/main.js");
