/** A box without cameras against a real receiver: every scenario ends with everything acknowledged, each event once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureKeys, enrolment } from "../../delivery/uplink/keys.ts";
import { Receiver, type ReceivedEvent } from "../../../platform/receiver.ts";
import { simulateCommand } from "./simulate.ts";
import { terminal } from "../testing/terminal.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "simulate-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test(
  "steady, storm, duplicates, clock jumps and huge evidence: each event once, and the box knows",
  { timeout: 240_000 },
  async () => {
    const fresh: ReceivedEvent[] = [];
    let again = 0;
    const pictures: string[] = [];
    await using receiver = await Receiver.open({
      listen: "tcp://127.0.0.1:0",
      folder: join(folder, "platform"),
      language: "zh",
      onEvent: (event, { duplicate }) => {
        if (duplicate) again += 1;
        else fresh.push(event);
      },
      onEvidence: (sha256) => pictures.push(sha256),
    });
    await receiver.enrol(enrolment("sim-7", await ensureKeys(join(folder, "box"))));
    const { io, said } = terminal(folder, { language: "zh", json: true });
    const code = await simulateCommand(
      ["--to", receiver.address, "--server-key", receiver.serverKey, "--id", "sim-7", "--folder", "box"].concat([
        "--scenario",
        "steady,storm,duplicates,clock-jump,huge-evidence",
        "--events",
        "30",
        "--rate",
        "50",
      ]),
      io,
    );
    const last = JSON.parse(said.out.trimEnd().split("\n").at(-1) ?? "{}") as { recorded: number };
    expect([code, last]).toMatchObject([0, { ok: true, waiting: 0, evidenceWaiting: 0 }]);
    expect(last.recorded).toBe(30 + 30 + 3 * 30 + 30 + 12);
    expect(new Set(fresh.map(({ event }) => event.id)).size).toBe(fresh.length);
    // What was recorded between the copy and its return is known to the platform alone; nothing of it came twice.
    expect(fresh.length).toBe(last.recorded);
    expect(again).toBeGreaterThan(0);
    const years = new Set(fresh.map(({ event }) => event.time.slice(0, 4)));
    expect(years.has("1970") && years.size >= 3).toBe(true);
    expect(pictures.length).toBe(10 + 4);
    expect(Math.max(...fresh.flatMap(({ event }) => (event.data.evidence ?? []).map(({ bytes }) => bytes)))).toBe(
      16 * 1_048_576,
    );
  },
);

test("an unknown scenario is named, with those that there are", async () => {
  const args = ["--to", "tcp://127.0.0.1:1", "--server-key", "x", "--scenario", "strom"];
  await expect(simulateCommand(args, terminal(folder).io)).rejects.toMatchObject({ code: "USAGE" });
});
