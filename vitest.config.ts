import { defineConfig } from "vitest/config";

/** Files that drive a browser, a whole box or many processes: each of them wants both cores of a small machine. */
const whole = [
  "gateway/e2e/**/*.test.ts",
  "gateway/web/page/**/*.test.ts",
  "gateway/rehearsal/clip-rerun/*.test.ts",
  "test-fixtures/scenes/browser.test.ts",
];
const all = ["gateway", "native", "platform", "models", "test-fixtures"].map((folder) => `${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    // Native addons abort when a worker thread that holds them is torn down: processes, not threads.
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: "rooms", include: all, exclude: whole, maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      { extends: true, test: { name: "whole", include: whole, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
