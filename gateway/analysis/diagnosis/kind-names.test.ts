/** The faults of a camera that the product tells: each an event type with its names, and ONVIF's where ONVIF has one. */
import { expect, test } from "vitest";
import { eventTypes, typeOf } from "../../config/catalogue/catalogue.ts";
import { kinds } from "./kinds.ts";

/** Topic below `tns1:VideoSource/`; null: ONVIF's imaging events have none for it. */
const onvif: Readonly<Record<string, string | null>> = {
  "video-signal-loss": "SignalLoss",
  "video-freeze": null,
  "video-black": "ImageTooDark",
  "video-blur": "ImageTooBlurry",
  "video-too-dark": "ImageTooDark",
  "video-too-bright": "ImageTooBright",
  "video-low-contrast": "ImpairedVisibility",
  "video-colour-cast": null,
  "video-noise": null,
  "video-stripe": null,
  "video-mosaic": null,
  "video-occlusion": "GlobalSceneChange",
  "video-scene-change": "GlobalSceneChange",
  "video-shake": null,
  "video-low-fps": null,
  "camera-clock-drift": null,
};

test("the diagnosis knows these kinds and no others, fifteen and the frame rate", () => {
  expect(kinds.map(({ id }) => id)).toEqual(Object.keys(onvif));
  expect(eventTypes.filter(({ group }) => group === "video-quality").map(({ id }) => id)).toEqual(Object.keys(onvif));
});

for (const [id, topic] of Object.entries(onvif))
  test(`${id} has its names`, () => {
    const { nameZh = "", nameEn = "", official } = typeOf(id) ?? {};
    expect(nameZh).toMatch(/^[\p{Script=Han}/]+$/u);
    expect(nameEn).toMatch(/^[A-Z][a-z ()]+$/);
    const names = official?.map(({ scheme, code, name }) => ({ scheme, code, name }));
    // Of what a service detects the topic ends with that service; the line to a camera, and fog, have none.
    const service = topic === "SignalLoss" || topic === "ImpairedVisibility" ? "" : "/ImagingService";
    const code = `tns1:VideoSource/${topic}${service}`;
    expect(names).toEqual(topic === null ? [] : [{ scheme: "ONVIF", code, name: topic }]);
  });

test("no two have one name", () => {
  for (const name of ["nameZh", "nameEn"] as const)
    expect(new Set(Object.keys(onvif).map((id) => typeOf(id)?.[name])).size).toBe(Object.keys(onvif).length);
});
