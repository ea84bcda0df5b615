/** The whole box: a rule fires on a real clip over real RTSP, and what proves it arrives in three pieces. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { loadConfig } from "../config/load.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { Gateway } from "../gateway.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { demoGateway, writeDemoSite } from "../rehearsal/demo-site.ts";
import { openLog } from "../runtime/log.ts";
import { Receiver } from "../../platform/receiver.ts";
import { until } from "./peers/open-delivery.ts";

const clip = new URL("../../test-fixtures/clips/second-rod.mp4", import.meta.url).pathname;

interface Site {
  readonly cameras: Record<string, unknown>[];
}

test(
  "the second rod: the analysed frame at once, then the main stream's picture and a clip",
  { timeout: 240_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "xueliang-evidence-"));
    try {
      const evidence: (Readonly<Record<string, unknown>> & { readonly sha256: string })[] = [];
      const files = new Map<string, string>();
      const listen = "tcp://127.0.0.1:0";
      await using receiver = await Receiver.open({
        listen,
        folder: join(folder, "platform"),
        language: "en",
        onEvent: ({ event }, { duplicate }) => duplicate || evidence.push(...(event.data.evidence ?? [])),
        onEvidence: (sha256, path) => files.set(sha256, path),
      });
      await using camera = await CameraSimulator.open({ mounts: { "/sub": { clip }, "/main": { clip } } });
      const [receiverAddress, receiverKey] = [receiver.address, receiver.serverKey];
      const config = await writeDemoSite({ folder, cameraUrl: camera.url("/sub"), receiverAddress, receiverKey });
      const path = join(config, "gateway.yaml");
      const site = parse(await readFile(path, "utf8")) as Site;
      Object.assign(site.cameras[0] ?? {}, { evidenceUrl: camera.url("/main"), clip: { beforeSec: 3, afterSec: 2 } });
      await writeFile(path, stringify(site));
      await receiver.enrol(enrolment(demoGateway, await ensureKeys(join(folder, "data"))));
      const stop = new AbortController();
      {
        await using gateway = await Gateway.open({
          config: await loadConfig(config),
          language: "en",
          log: openLog({ language: "en", level: "error" }),
        });
        const running = gateway.run(stop.signal);
        await until("all three files", () => files.size >= 3, 200_000);
        expect(gateway.status().cameras[0]?.ring).toMatchObject({ state: "streaming", lastError: null });
        stop.abort();
        await running;
      }
      expect(camera.viewerCount("/main"), "nothing runs on").toBe(0);
      const [analysed, ...unordered] = evidence;
      // Each is told when it is ready: on a busy machine the clip may be before the picture.
      const later = unordered.toSorted((a, b) => String(b["kind"]).localeCompare(String(a["kind"])));
      expect(analysed).toMatchObject({ kind: "snapshot", role: "start", w: 960 });
      expect(analysed?.["differenceMs"]).toBeUndefined();
      expect(later.map(({ kind }) => kind)).toEqual(["snapshot", "clip"]);
      expect(Math.abs(Number(later[0]?.["differenceMs"]))).toBeLessThan(500);
      expect(later[1]).toMatchObject({ mediaType: "video/mp4", codec: "h264" });
      const [momentMs, durationMs] = [Number(later[1]?.["momentMs"]), Number(later[1]?.["durationMs"])];
      expect(momentMs).toBeGreaterThanOrEqual(3_000);
      expect(durationMs).toBeGreaterThan(momentMs + 1_000);
      for (const { sha256 } of evidence) {
        const bytes = readFileSync(files.get(sha256) ?? "");
        expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
