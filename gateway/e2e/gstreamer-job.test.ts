/** The main job with a camera made by others: GStreamer serves the clip, the second rod becomes an acknowledged event with its picture. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { loadConfig } from "../config/load.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { Gateway } from "../gateway.ts";
import { demoCamera, demoGateway, writeDemoSite } from "../rehearsal/demo-site.ts";
import { openLog } from "../runtime/log.ts";
import { Receiver } from "../../platform/receiver.ts";
import { GstCamera, gstCredentials, hasGstreamer } from "./peers/gst-camera.ts";
import { until } from "./peers/open-delivery.ts";

const clip = new URL("../../test-fixtures/clips/second-rod.mp4", import.meta.url).pathname;

test.skipIf(!hasGstreamer())("behind a Digest login", { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "gstreamer-job-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const events = new Map<string, readonly { readonly sha256: string }[]>();
  const files = new Map<string, string>();
  const receiver = stack.use(
    await Receiver.open({
      listen: "tcp://127.0.0.1:0",
      folder: join(folder, "platform"),
      language: "en",
      onEvent: ({ event }) => events.set(event.type, event.data.evidence ?? []),
      onEvidence: (sha256, path) => files.set(sha256, path),
    }),
  );
  const camera = stack.use(await GstCamera.open("digest", clip));
  const { address: receiverAddress, serverKey: receiverKey } = receiver;
  const config = await writeDemoSite({ folder, cameraUrl: camera.url("/clip"), receiverAddress, receiverKey });
  const secrets = { cameras: { [demoCamera]: gstCredentials } };
  await writeFile(join(config, "secrets.yaml"), stringify(secrets), { mode: 0o600 });
  await receiver.enrol(enrolment(demoGateway, await ensureKeys(join(folder, "data"))));
  const acknowledged = new Set<string>();
  const gateway = stack.use(
    await Gateway.open({
      config: await loadConfig(config),
      language: "en",
      log: openLog({ language: "en", level: "error" }),
      onAcknowledged: ({ event }) => acknowledged.add(event.type),
    }),
  );
  const stop = new AbortController();
  const running = gateway.run(stop.signal);
  stack.defer(async () => {
    stop.abort();
    await running;
  });
  const type = "vision.fishing-multi-rod.v1";
  await until("the acknowledged event", () => acknowledged.has(type), 240_000);
  const [picture] = events.get(type) ?? [];
  expect(picture, "the event names its picture").toBeDefined();
  const { sha256 = "" } = picture ?? {};
  await until("the picture", () => files.has(sha256));
  expect(
    createHash("sha256")
      .update(readFileSync(files.get(sha256) ?? ""))
      .digest("hex"),
  ).toBe(sha256);
});
