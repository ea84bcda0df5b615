import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "gateway/**/*.test.ts",
      "native/**/*.test.ts",
      "platform/**/*.test.ts",
      "models/**/*.test.ts",
      "test-fixtures/**/*.test.ts",
    ],
    // Native addons abort when a worker thread that holds them is torn down: processes, not threads.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
