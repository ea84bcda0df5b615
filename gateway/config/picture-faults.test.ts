import { expect, test } from "vitest";
import { ruleMakers } from "../analysis/zones/rule-engine.ts";
import { shapeName } from "../web/event-view.ts";
import { withPictureFaults } from "./picture-faults.ts";
import { cameraSchema, gatewaySchema } from "./schema.ts";
import { zonesSchema } from "./zones-schema.ts";

const camera = cameraSchema.parse({ id: "pier", url: "file:clip.mp4" });
const zone = (...rules: readonly object[]) => ({ id: "water", polygon: [[0, 0], [1, 0], [1, 1]], rules }); // prettier-ignore
const file = (...rules: readonly object[]) =>
  zonesSchema.parse({ schema: "xueliang.zones/1", camera: "pier", zones: [zone(...rules)] });

test("a camera without a zones file tells what makes it blind, and every rule of it can run", () => {
  const zones = withPictureFaults(camera);
  expect(zones.zones).toMatchObject([
    {
      id: "picture",
      kind: "general",
      polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], // prettier-ignore
      rules: camera.pictureFaults.map((type) => ({ type })),
    },
  ]);
  const makers = ruleMakers({ cameraId: "pier", timezone: "Asia/Shanghai", zones });
  expect(makers.map(({ settings }) => settings.kind)).toEqual(camera.pictureFaults.map(() => "scene-quality"));
});

test("a rule in the zones file counts instead, also one that is switched off", () => {
  const zones = withPictureFaults(camera, file({ type: "video-black", enabled: false }, { type: "video-freeze" }));
  expect(zones.zones.map(({ id, rules }) => [id, rules.map(({ type }) => type)])).toEqual([
    ["water", ["video-black", "video-freeze"]],
    ["picture", ["video-signal-loss", "video-occlusion", "video-scene-change"]],
  ]);
});

test.each([[[]], [["video-blur"]]])("a camera that tells %j", (pictureFaults) => {
  const drawn = file({ type: "video-blur" });
  expect(withPictureFaults(cameraSchema.parse({ ...camera, pictureFaults }), drawn)).toBe(drawn);
});

test("such an event lies in the whole picture, in the language of the site", () => {
  const config = {
    zones: {},
    gateway: gatewaySchema.parse({
      schema: "xueliang.gateway/1",
      site: { id: "box-1", name: "码头", timezone: "Asia/Shanghai" },
    }),
  };
  expect(shapeName(config, "pier", "picture")).toBe("整幅画面");
  expect(shapeName({ ...config, zones: { pier: file() } }, "pier", "water")).toBe("water");
});

test("only faults of the picture can be named", () => {
  expect(cameraSchema.safeParse({ ...camera, pictureFaults: ["fishing-multi-rod"] }).success).toBe(false);
});
