/** A disk without a free byte, as a process may be told by its limits: nothing piles up while it lasts. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test.skipIf(process.platform !== "linux")(
  "a full disk is told once and leaves neither files nor handles",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "full-disk-"));
    const script = fileURLToPath(new URL("testing/full-disk.ts", import.meta.url));
    try {
      const said = execFileSync("sh", ["-c", 'ulimit -f 0 && exec "$@"', "sh", process.execPath, script, folder]);
      expect(JSON.parse(said.toString())).toEqual({ told: ["TRACK_LOG_WRITE"], leftOpen: 0, files: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  30_000,
);
