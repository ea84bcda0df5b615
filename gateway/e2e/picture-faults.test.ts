/** A camera that nobody drew a zone for freezes: the platform hears which one, without a word in the zones file. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../config/load.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { Gateway } from "../gateway.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { demoCamera, demoGateway, writeDemoSite } from "../rehearsal/demo-site.ts";
import { openLog } from "../runtime/log.ts";
import { Receiver, type ReceivedEvent } from "../../platform/receiver.ts";
import { until } from "./peers/open-delivery.ts";

const clip = new URL("../../test-fixtures/clips/fault-frozen.mp4", import.meta.url).pathname;

test(
  "a frozen picture is one event of the whole picture, for those who mend cameras",
  { timeout: 240_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "xueliang-picture-faults-"));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const told: ReceivedEvent["event"]["data"][] = [];
    const receiver = stack.use(
      await Receiver.open({
        listen: "tcp://127.0.0.1:0",
        folder: join(folder, "platform"),
        language: "zh",
        onEvent: ({ event: { data } }) => data.phase !== undefined && told.push(data),
      }),
    );
    const camera = stack.use(await CameraSimulator.open({ mounts: { "/bank": { clip } } }));
    const site = { receiverAddress: receiver.address, receiverKey: receiver.serverKey };
    const config = await writeDemoSite({ folder, cameraUrl: camera.url("/bank"), ...site });
    await rm(join(config, "zones", `${demoCamera}.yaml`));
    await receiver.enrol(enrolment(demoGateway, await ensureKeys(join(folder, "data"))));
    const stop = new AbortController();
    const log = openLog({ language: "zh", level: "error" });
    const gateway = stack.use(await Gateway.open({ config: await loadConfig(config), language: "zh", log }));
    const running = gateway.run(stop.signal);
    await until("its start", () => told.length > 0, 200_000);
    stop.abort();
    await running;
    expect(told).toMatchObject([
      { eventId: "video-freeze", phase: "start", camera: { id: demoCamera }, departments: ["jishu"] },
    ]);
    expect(told[0]?.title?.zh).toContain("画面冻结");
  },
);
