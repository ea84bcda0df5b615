/** Renders staff gauges at a river's pace with the level of every frame beside them: node render-gauge.ts [NAME...] [--out DIR]. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderClip } from "./clip.ts";
import { parseStory } from "./story.ts";

interface Gauge {
  readonly light: string;
  readonly ripple: number;
  /** Where the camera stands, what it looks at, its focal length. */
  readonly eye: readonly [number, number, number];
  readonly target: readonly [number, number, number];
  readonly focalPx: number;
  /** Level at the beginning and at the end, centimetres: a flood rises by a few in a minute. */
  readonly levelCm: readonly [number, number];
}

/** The seed is the place in the list. */
const gauges: Readonly<Record<string, Gauge>> = {
  "gauge-overcast": { light: "condition: overcast, exposure: 2", ripple: 0.05, eye: [1.2, 2.6, -6.2], target: [0, 0.25, -0.3], focalPx: 1500, levelCm: [96, 98] }, // prettier-ignore
  "gauge-day": { light: "condition: day, exposure: 3", ripple: 0.12, eye: [-0.5, 2.8, -5.8], target: [0, 0.75, -0.3], focalPx: 1300, levelCm: [148, 147] }, // prettier-ignore
  "gauge-low-sun": { light: "condition: low-sun, exposure: 2", ripple: 0.08, eye: [0.6, 2.2, -6.6], target: [0, 0, -0.3], focalPx: 1500, levelCm: [71, 73] }, // prettier-ignore
  "gauge-dusk": { light: "condition: dusk, exposure: 3", ripple: 0.06, eye: [-0.8, 2.4, -6], target: [0, 0.35, -0.3], focalPx: 1450, levelCm: [110, 112] }, // prettier-ignore
  "gauge-rain": { light: "condition: rain, exposure: 2.5, rain: 0.6", ripple: 0.15, eye: [1, 2.6, -6], target: [0, 0.55, -0.3], focalPx: 1450, levelCm: [131, 133] }, // prettier-ignore
  "gauge-night": { light: "condition: night, exposure: 2", ripple: 0.06, eye: [0.4, 2.4, -5.8], target: [0, 0.15, -0.3], focalPx: 1400, levelCm: [88, 88] }, // prettier-ignore
  "gauge-aside": { light: "condition: day, exposure: 3", ripple: 0.12, eye: [-1.6, 2.8, -5.6], target: [0, 0.75, -0.3], focalPx: 1300, levelCm: [148, 147] }, // prettier-ignore
};
const bottomCm = 0;
const topCm = 300;
const seconds = 36;
/** The gauge shows so much where the water lies in its own plane. */
const planeCm = 100;

const { values, positionals } = parseArgs({
  options: { out: { type: "string", default: join(import.meta.dirname, "..", "gauge") } },
  allowPositionals: true,
});
await mkdir(values.out, { recursive: true });
for (const [at, [name, gauge]] of Object.entries(gauges).entries()) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const seed = 301 + at;
  const [fromCm, toCm] = gauge.levelCm.map((cm) => cm - planeCm);
  const text = `
title: { zh: 水尺, en: staff gauge }
seconds: ${seconds}
fps: 2
kbps: 160
sceneEvery: 1
place: { bank: quay, seed: ${seed}, wideM: 60, trees: 0 }
camera: { name: 水尺, eye: [${gauge.eye.join()}], target: [${gauge.target.join()}], focalPx: ${gauge.focalPx}, shakePx: 0.2, seed: ${seed} }
light: { ${gauge.light}, seed: ${seed} }
water: { ripple: ${gauge.ripple}, flowMps: [0.2, 0], levelCm: [[0, ${fromCm}], [${seconds}, ${toCm}]], seed: ${seed} }
gauge: { at: [0, -0.32], bottomCm: ${bottomCm}, topCm: ${topCm}, wideM: 0.24 }
`;
  await renderClip(name, parseStory(text, name), values.out);
}
