import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { yuvBytes } from "../../native/index.ts";
import { systemClock as clock } from "../runtime/clock.ts";
import { CurrentDetector, type OpenDetector } from "./current-detector.ts";
import { ProcessDetector } from "./detection/detector.ts";
import { loadModel } from "./detection/model.ts";
import { slowModel, steadyModel, tinyManifest, writePackage } from "./detection/testing/tiny-onnx.ts";
import { wholePicture } from "./geometry.ts";

test(
  "a look that has begun is finished by the one that began it; the next is the other's",
  { timeout: 120_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "current-detector-"));
    const opened = async (name: string, file: Uint8Array): Promise<OpenDetector> => {
      const manifest = tinyManifest(file, { name, input: "{ layout: nhwc }" });
      const model = await loadModel(await writePackage(folder, name, file, manifest));
      return {
        model,
        detector: await ProcessDetector.open({
          model,
          processes: 1,
          timeoutMs: 60_000,
          clock,
          onFailure: () => undefined,
        }),
      };
    };
    try {
      // It looks for long enough to be replaced meanwhile.
      await using current = new CurrentDetector(await opened("slow", slowModel(1_000, 60)));
      const next = await opened("quick", steadyModel());
      const pixels = new Uint8Array(yuvBytes(64, 64));
      const frame = {
        cameraId: "a",
        seq: 1,
        capturedAtMs: 0,
        widthPx: 64,
        heightPx: 64,
        pixels,
        intact: true,
        [Symbol.dispose]: () => undefined,
      };
      const ended: string[] = [];
      const look = current.detect(frame, wholePicture).then((seen) => {
        ended.push("look");
        return seen;
      });
      const replaced = current.replace(next).then(() => ended.push("replaced"));
      expect(current.model?.name).toBe("quick");
      expect((await current.detect(frame, wholePicture))?.length).toBe(2);
      expect((await look)?.length).toBe(2);
      await replaced;
      expect(ended).toEqual(["look", "replaced"]);
      expect(current.status()).toMatchObject({ model: "quick 1", runs: 1, failures: 0 });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
