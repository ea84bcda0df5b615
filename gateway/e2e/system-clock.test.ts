/** Somebody sets the clock of the operating system under a running box: years back, to 1970, ahead, into another season. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Receiver } from "../../platform/receiver.ts";
import { askStatus } from "../cli/control-socket.ts";
import { enrolment, ensureKeys } from "../delivery/uplink/keys.ts";
import type { ReadEvent } from "../delivery/uplink/protocol/read-event.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { demoGateway, writeDemoSite } from "../rehearsal/demo-site.ts";
import { clean, judge, waitingAt } from "./endurance/oracle.ts";
import { pause } from "./endurance/peer.ts";
import { until } from "./peers/open-delivery.ts";

const root = join(import.meta.dirname, "../..");
const library = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
  .map((machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));
if (library === undefined) console.warn("skipped: the clock under a running box needs libfaketime (Debian: faketime)");
/** As libfaketime reads them: an offset, or a moment from which the clock runs on. */
const clocks = ["-1", "+1h", "-10y", "@1970-01-01 00:00:05", "+10y", "@2026-03-29 00:59:58", "+0"];
/** Each clock lasts until so many more pictures were looked at: four seconds of them on a free machine. */
const looks = 20;

test.runIf(library !== undefined)(
  "no camera stalls, no session ends, nothing is lost or out of order",
  { timeout: 420_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "system-clock-"));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const clip = join(root, "test-fixtures/clips/second-rod.mp4");
    const camera = stack.use(await CameraSimulator.open({ mounts: { "/river": { clip } } }));
    const [data, platform] = [join(folder, "data"), join(folder, "platform")];
    mkdirSync(platform);
    const arrived: ReadEvent[] = [];
    const receiver = stack.use(
      await Receiver.open({
        listen: "tcp://127.0.0.1:0",
        folder: platform,
        language: "en",
        onEvent: ({ event }, { duplicate }) => duplicate || arrived.push(event),
      }),
    );
    await receiver.enrol(enrolment(demoGateway, await ensureKeys(data)));
    const config = await writeDemoSite({
      folder,
      cameraUrl: camera.url("/river"),
      receiverAddress: receiver.address,
      receiverKey: receiver.serverKey,
    });
    const clock = join(folder, "clock");
    const set = (to: string): void => {
      writeFileSync(`${clock}.next`, `${to}\n`);
      renameSync(`${clock}.next`, clock);
    };
    set("+0");
    const daemon = spawn(process.execPath, [join(root, "gateway/xueliang.mjs"), "run", "--config", config], {
      stdio: "ignore",
      // Real time that runs on is what the kernel's monotonic clock is; only the wall clock is set.
      env: {
        ...process.env,
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: clock,
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      },
    });
    stack.defer(async () => {
      if (daemon.exitCode !== null || daemon.signalCode !== null) return;
      daemon.kill("SIGKILL");
      await once(daemon, "close");
    });
    const status = () => askStatus(join(data, "control.sock"));
    const streaming = async (): Promise<boolean> =>
      (await status().catch(() => null))?.cameras.every(({ state }) => state === "streaming") ?? false;
    for (let tries = 0; tries < 300 && !(await streaming()); tries += 1) await pause(200);
    await until("the first event", () => arrived.length > 0, 60_000);
    for (const to of clocks) {
      const before = (await status()).cameras[0];
      set(to);
      const more = async (): Promise<number> => ((await status()).cameras[0]?.analysed ?? 0) - (before?.analysed ?? 0);
      for (let tries = 0; tries < 120 && (await more()) < looks; tries += 1) await pause(250);
      expect([to, await more()]).toEqual([to, expect.toSatisfy((count: number) => count >= looks)]);
      const { cameras, delivery } = await status();
      const [uplink] = delivery.uplinks;
      expect([to, cameras[0]?.state, cameras[0]?.reconnects]).toEqual([to, "streaming", before?.reconnects]);
      expect([to, uplink?.state, uplink?.lastError]).toEqual([to, expect.stringMatching(/^sending$|^waiting/), null]);
    }
    console.log(`${arrived.length} events under ${clocks.length} clocks`);
    for (let tries = 0; tries < 240 && (await waitingAt(data)) > 0; tries += 1) await pause(250);
    daemon.kill("SIGTERM");
    await once(daemon, "close");
    await receiver[Symbol.asyncDispose]();
    expect(await judge(new Set(), [data], platform)).toEqual(clean);
    // Whoever reads sees that the clock was wrong: it is not made up.
    const years = new Set(arrived.map(({ time }) => time.slice(0, 4)));
    expect(years.size).toBeGreaterThan(1);
    const told = arrived.filter(({ data }) => data.phase !== undefined);
    const phases = Map.groupBy(told, ({ correlationid }) => correlationid);
    for (const [, events] of phases)
      expect(events.map(({ data: { phase } }) => phase).join(" ")).toMatch(/^start( update)*( end)?$/);
    expect(phases.size).toBeGreaterThan(0);
  },
);
