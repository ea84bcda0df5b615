/** The main job as a newcomer sees it: the demo's command, its lines, the receiver's row and the picture. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { Database } from "../database/database.ts";

const root = join(import.meta.dirname, "../..");

interface Line {
  readonly type: string;
  readonly ok?: boolean;
  readonly exit_code?: number;
  readonly event?: {
    readonly id: string;
    readonly type: string;
    readonly data: Record<string, unknown> & { readonly evidence?: readonly { readonly sha256: string }[] };
  };
}

/** Runs the demo in a folder of its own; resolves with its lines and exit code. */
async function runDemo(
  cwd: string,
  args: readonly string[],
): Promise<{ readonly lines: readonly Line[]; readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [join(root, "gateway/xueliang.mjs"), "demo", "--json", ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return {
    lines: stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line),
    code,
    stderr,
  };
}

test(
  "the second rod becomes one acknowledged event with a picture, a reason and the right department",
  { timeout: 240_000 },
  async () => {
    const cwd = await mkdtemp(join(tmpdir(), "xueliang-demo-"));
    try {
      const { lines, code, stderr } = await runDemo(cwd, ["--until-event", "fishing-multi-rod", "--timeout", "200"]);
      expect({ code, last: lines.at(-1) }, stderr).toMatchObject({
        code: 0,
        last: { type: "result", ok: true, exit_code: 0 },
      });
      // What the box says of itself, its cameras and who changed its config, comes beside what was seen.
      const events = lines.flatMap(({ event }) => event ?? []).filter(({ type }) => !type.startsWith("system."));
      expect(events.map(({ type }) => type)).toEqual(["vision.fishing-multi-rod.v1"]);
      const [event] = events;
      expect(event?.data).toMatchObject({
        phase: "start",
        certainty: "suspected",
        severity: 3,
        departments: ["yuzheng", "gongan"],
      });

      const platform = join(cwd, "var/demo/platform");
      using database = await Database.open(join(platform, "platform.db"), {
        migrations: new URL("../../platform/sinks/migrations/", import.meta.url),
        nowMs: 0,
      });
      expect(database.all("SELECT id FROM events WHERE type NOT LIKE 'system.%' LIMIT 9")).toEqual([{ id: event?.id }]);
      const sha256 = event?.data.evidence?.[0]?.sha256 ?? "";
      const path = [join(platform, "evidence", sha256.slice(0, 2), `${sha256}.jpg`)].find((candidate) =>
        existsSync(candidate),
      );
      expect(path, "the evidence of the event lies at the platform").toBeDefined();
      const jpeg = readFileSync(path ?? "");
      expect(createHash("sha256").update(jpeg).digest("hex")).toBe(sha256);
      expect(await sharp(jpeg).metadata()).toMatchObject({ format: "jpeg", width: 960, height: 540 });
    } finally {
      await rm(cwd, { recursive: true, force: true });
    }
  },
);

test("an event that never comes ends the demo with 1", { timeout: 120_000 }, async () => {
  const cwd = await mkdtemp(join(tmpdir(), "xueliang-demo-"));
  try {
    const { lines, code } = await runDemo(cwd, ["--until-event", "landslide-rockfall", "--timeout", "6"]);
    expect({ code, last: lines.at(-1) }).toMatchObject({ code: 1, last: { type: "result", ok: false } });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
});

test("what is set up tells of its first analysed frame", { timeout: 180_000 }, async () => {
  const cwd = await mkdtemp(join(tmpdir(), "xueliang-demo-"));
  try {
    const child = spawn(process.execPath, [join(root, "gateway/xueliang.mjs"), "demo", "--json"], {
      cwd,
      stdio: ["ignore", "pipe", "ignore"],
    });
    let out = "";
    const shown = new Promise<void>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        if ((out += chunk).includes('"first-frame"')) resolve();
      });
      child.once("close", () => resolve());
    });
    await shown;
    expect(out).toContain('"first-frame"');
    const gone = once(child, "close");
    child.kill("SIGTERM");
    await gone;
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
});
