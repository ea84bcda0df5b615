/** The examples in other languages, run for real against a real box. */
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ensureKeys, enrolment } from "../../gateway/delivery/uplink/keys.ts";
import { exampleTrigger } from "../../gateway/e2e/peers/example-trigger.ts";
import { openDelivery, until } from "../../gateway/e2e/peers/open-delivery.ts";
import { Enrolled } from "../enrolment.ts";
import { Receiver } from "../receiver.ts";

// The system's Python: it is the one for which Debian packages ZeroMQ.
const python = "/usr/bin/python3";
const installed = spawnSync(python, ["-c", "import zmq, cryptography; assert zmq.has('curve')"]).status === 0;
if (!installed) console.warn("skipped: the Python receiver needs python3-zmq and python3-cryptography");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "python-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const examples = [
  ["receiver.py", [python, "-u"], installed],
  ["receiver.ts", [process.execPath], true],
] as const;

test.each(examples)("%s is as short as it says", (file) => {
  const text = readFileSync(new URL(file, import.meta.url), "utf8");
  expect(text.split("\n").length).toBeLessThanOrEqual(151);
});

describe.each(examples)("%s", (file, [program, ...options], there) => {
  test.runIf(there)(
    "a box delivers, over a restart of the box too, each event once",
    { timeout: 180_000 },
    async () => {
      const platform = join(folder, "platform");
      const box = join(folder, "box");
      mkdirSync(platform);
      await Enrolled.open(platform).enrol(enrolment("box-1", await ensureKeys(box)));
      const lines: string[] = [];
      const child = spawn(program, [...options, new URL(file, import.meta.url).pathname, platform], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await using stack = new AsyncDisposableStack();
      stack.defer(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, "exit");
        child.kill("SIGKILL");
        await gone;
      });
      createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
      await until("the receiver listens", () => lines.some((line) => line.startsWith("listening")));
      const [, address = "", serverKey = ""] = (lines[0] ?? "").split(" ");
      const jpeg = randomBytes(150_000);
      for (const round of [1, 2]) {
        await using opened = await openDelivery({ folder: box, address, serverKey });
        for (let n = 1; n <= 70; n += 1) {
          await opened.delivery.record(
            exampleTrigger({ occurrenceId: `occ-${round}-${n}` }),
            n === 1 && round === 1 ? { jpeg, widthPx: 640, heightPx: 360 } : null,
          );
        }
        await until(
          "everything acknowledged",
          () =>
            opened.delivery.status().uplinks[0]?.depth === 0 &&
            opened.delivery.status().uplinks[0]?.evidenceWaiting === 0,
        );
      }
      await until("every line", () => lines.filter((line) => line.startsWith("event ")).length === 140);
      expect(new Set(lines).size).toBe(lines.length);
      const sha = createHash("sha256").update(jpeg).digest("hex");
      expect(lines).toContain(`evidence ${sha}`);
      expect(existsSync(join(platform, `${sha}.bin`)) && readFileSync(join(platform, `${sha}.bin`)).equals(jpeg)).toBe(
        true,
      );
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      // The platform's own receiver takes the place of the example: the boxes know one key, and its file is one format.
      const arrived: string[] = [];
      await using receiver = await Receiver.open({
        listen: address,
        folder: platform,
        language: "en",
        onEvent: ({ event }) => arrived.push(event.id),
      });
      expect(receiver.serverKey).toBe(serverKey);
      await using opened = await openDelivery({ folder: box, address, serverKey });
      await opened.delivery.record(exampleTrigger({ occurrenceId: "later" }), null);
      await until("the later one", () => opened.delivery.status().uplinks[0]?.depth === 0);
      expect(arrived.length).toBeGreaterThan(0);
    },
  );
});
