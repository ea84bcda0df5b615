/** Light and weather of a picture, and what the camera's lens and sensor make of it. */
import type { Random } from "./random.ts";
import type { Settings } from "./picture.ts";
import { addScaled, scale, unit, type Vec3 } from "./vector.ts";

/** Times of day and weathers. */
export const CONDITIONS = ["day", "overcast", "low-sun", "dusk", "night", "lamp-night", "rain", "fog"] as const;
/** `night` is infrared (grey); `lamp-night` is a colour picture under a street lamp. */
export type Condition = (typeof CONDITIONS)[number];

/** Light and air of a picture; rain is 0..1. */
export interface Light {
  readonly condition: Condition;
  readonly air: Settings;
  readonly sunDir: Vec3;
  readonly shadows: boolean;
  readonly rain: number;
}

/** Makes the light of a condition; `look` is the camera's heading, from which a low sun takes its place, `glint` puts the sun ahead. */
export function lightOf(
  condition: Condition,
  random: Random,
  at: { readonly eye: Vec3; readonly look: Vec3; readonly glint: boolean },
): Light {
  const turn = at.glint ? random.range(-0.35, 0.35) : random.range(0, 6.28);
  const high =
    condition === "low-sun" ? random.range(0.08, 0.28) : at.glint ? random.range(0.45, 0.85) : random.range(0.45, 1.25);
  const flat = unit([at.look[0], 0, at.look[2]]);
  const side: Vec3 = [-flat[2], 0, flat[0]];
  const around = unit(addScaled(scale(flat, Math.cos(turn)), side, Math.sin(turn)));
  const sunDir = unit([around[0] * Math.cos(high), Math.sin(high), around[2] * Math.cos(high)]);
  const k = random.range(0.8, 1.2);
  const warm = random.range(0.92, 1.08);
  const by = (v: Vec3, s = 1): Vec3 => [v[0] * s * warm, v[1] * s, (v[2] * s) / warm];
  const base = {
    uTime: random.range(0, 90),
    uInfrared: 0,
    uGlow: 0,
    uWind: 0,
    uLamp: [0, 30, 0],
    uLampColour: [0, 0, 0],
    uLampRange: 5,
    uCloud: random.range(0, 0.7),
  };
  const make = (air: Settings, shadows: boolean, rain = 0): Light => ({
    condition,
    air: { ...base, ...air },
    sunDir,
    shadows,
    rain,
  });
  const fog = random.range(0.0008, 0.005);
  switch (condition) {
    case "day":
      return make(
        {
          uSunColour: by([1.75, 1.62, 1.42], k),
          uZenith: by([0.22, 0.4, 0.75]),
          uHorizon: by([0.75, 0.84, 0.92], random.range(0.7, 1.2)),
          uHaze: by([0.62, 0.7, 0.78]),
          uAmbient: by([0.36, 0.43, 0.55], k),
          uBounce: by([0.2, 0.18, 0.14]),
          uFog: fog,
          uExposure: random.range(1, 2),
        },
        true,
      );
    case "low-sun":
      return make(
        {
          uSunColour: by([2, 1.25, 0.6], k),
          uZenith: by([0.2, 0.3, 0.55]),
          uHorizon: by([1.1, 0.75, 0.42]),
          uHaze: by([0.8, 0.6, 0.42]),
          uAmbient: by([0.25, 0.27, 0.36]),
          uBounce: by([0.14, 0.11, 0.09]),
          uFog: fog * 1.6,
          uExposure: random.range(0.9, 1.8),
        },
        true,
      );
    case "overcast":
    case "rain":
    case "fog": {
      const thick =
        condition === "fog" ? random.range(0.012, 0.05) : condition === "rain" ? random.range(0.004, 0.014) : fog * 1.5;
      const grey = random.range(0.6, 0.95);
      const dim = condition === "rain" ? random.range(0.5, 1) : 1;
      return make(
        {
          uSunColour: by([0.3, 0.3, 0.29]),
          uZenith: by([grey * 0.85, grey * 0.9, grey], dim),
          uHorizon: by([grey, grey, grey], dim),
          uHaze: by([grey * 0.8, grey * 0.82, grey * 0.84], dim),
          uAmbient: by([0.85, 0.87, 0.9], dim),
          uBounce: by([0.3, 0.29, 0.27], dim),
          uFog: thick,
          uExposure: random.range(0.85, 1.6),
          uCloud: random.range(0.5, 1),
        },
        random.chance(0.5),
        condition === "rain" ? random.range(0.35, 1) : 0,
      );
    }
    case "dusk":
      return make(
        {
          uSunColour: [0, 0, 0],
          uZenith: by([0.03, 0.05, 0.13]),
          uHorizon: by([0.3, 0.2, 0.18], k),
          uHaze: by([0.14, 0.12, 0.13]),
          uAmbient: by([0.13, 0.14, 0.2], k),
          uBounce: [0.05, 0.045, 0.04],
          uFog: fog * 1.5,
          uExposure: random.range(1, 2.2),
          uGlow: 0.8,
          ...lamp(random, random.chance(0.4) ? 0.8 : 0),
        },
        false,
      );
    case "lamp-night":
      return make(
        {
          uSunColour: [0, 0, 0],
          uZenith: [0.004, 0.005, 0.01],
          uHorizon: [0.03, 0.025, 0.02],
          uHaze: [0.02, 0.018, 0.018],
          uAmbient: [0.035, 0.035, 0.045],
          uBounce: [0.015, 0.014, 0.012],
          uFog: fog,
          uExposure: random.range(0.9, 1.8),
          uGlow: 1,
          ...lamp(random, 2.2),
        },
        false,
      );
    case "night":
      return make(
        {
          uSunColour: [0, 0, 0],
          uZenith: [0.003, 0.003, 0.003],
          uHorizon: [0.012, 0.012, 0.012],
          uHaze: [0.012, 0.012, 0.012],
          uAmbient: [0.02, 0.02, 0.02],
          uBounce: [0.01, 0.01, 0.01],
          uFog: fog * 0.6,
          uExposure: random.range(1, 2),
          uInfrared: 1,
          uLamp: addScaled(at.eye, [0, 1, 0], 0.2),
          uLampColour: scale([1, 1, 1], random.range(3, 6)),
          uLampRange: random.range(5, 11),
        },
        false,
        random.chance(0.12) ? random.range(0.4, 1) : 0,
      );
    default:
      return condition satisfies never;
  }
}

function lamp(random: Random, bright: number): Settings {
  const b = bright * random.range(0.8, 1.6);
  return {
    uLamp: [random.range(-9, 9), random.range(5, 9), random.range(1, 7)],
    uLampColour: random.chance(0.6) ? [b, b * 0.75, b * 0.42] : [b * 0.85, b * 0.95, b],
    uLampRange: random.range(6, 12),
  };
}

const WATERS: readonly Vec3[] = [
  [0.3, 0.33, 0.24], [0.36, 0.31, 0.2], [0.2, 0.3, 0.26], [0.16, 0.22, 0.22], [0.2, 0.27, 0.36], [0.42, 0.38, 0.29], [0.1, 0.13, 0.12], [0.28, 0.34, 0.34],
]; // prettier-ignore

/** The face of the water from a variant's chance. */
export function waterOf(
  random: Random,
  light: Light,
  wish: { readonly glint: boolean; readonly foam: boolean; readonly calm?: boolean },
): Settings {
  const base = random.pick(WATERS);
  const v = random.range(0.7, 1.35);
  const calm = wish.calm ?? random.chance(0.35);
  return {
    uBody: [base[0] * v, base[1] * v, base[2] * v],
    uRipple: calm ? random.range(0.015, 0.09) : random.range(0.1, 0.45),
    uRippleScale: random.range(0.45, 1.8),
    uFlow: [random.range(-0.5, 0.5), random.range(-0.1, 0.1)],
    uShine: wish.glint ? random.range(1.5, 5) : random.range(0.05, 0.8),
    uGloss: wish.glint ? random.range(60, 260) : random.range(120, 500),
    uFoam: wish.foam ? random.range(0.15, 0.55) : 0,
    uFoamScale: random.range(1.5, 7),
    uRain: light.rain * 0.7,
    uMurk: random.range(0.1, 0.9),
    uWeir: [0, 1, 1, 0],
  };
}

/** What the camera adds: softness, sharpening, noise, cast, vignette. */
export function lensOf(camera: Random, light: Light, seed: number): Settings {
  const dark = light.condition === "night" || light.condition === "lamp-night" || light.condition === "dusk";
  const noise = (dark ? camera.range(0.02, 0.09) : camera.range(0.004, 0.035)) * (camera.chance(0.15) ? 1.6 : 1);
  return {
    uSoft: camera.range(0.4, 1.7), uSharpen: camera.range(0, 1.1), uNoiseAmount: noise, uChroma: noise * camera.range(0, 0.9), uVignette: camera.chance(0.6) ? camera.range(0, 0.45) : 0,
    uContrast: camera.range(0.8, 1.25), uBrightness: camera.range(-0.06, 0.06), uSaturation: camera.range(0.45, 1.35), uGrey: light.condition === "night" ? 1 : 0,
    uTint: [camera.range(0.92, 1.08), 1, camera.range(0.92, 1.08)], uSeed: seed, uGrain: camera.pick([1, 1, 1.5, 2]), uMotion: [0, 0], uCover: [0, 0, 0, 0], uCoverColour: [0.1, 0.1, 0.1],
  }; // prettier-ignore
}
