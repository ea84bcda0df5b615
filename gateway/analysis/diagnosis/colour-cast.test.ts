/** A sunset that comes every evening, and casts that are faults: weeks told minute by minute, in Lab. */
import { describe, expect, test } from "vitest";
import { ColourCast } from "./colour-cast.ts";

const day = { a: -2, b: 6, spread: 9, chroma: 12 };
/** As cast in the catalogue: from here on it is a fault. */
const faultFrom = 1.5;
const dayMs = 86_400_000;
const minuteMs = 60_000;

type Shift = readonly [a: number, b: number];
/** The colour of a minute of a day: [hour, minute] → shift of the whole picture. */
type Sky = (day: number, minute: number) => Shift;

/** Warm light that comes and goes within 40 minutes around `at`, at its strongest [9, 24]: what an orange evening does to grey. */
const sunset =
  (at: (day: number) => number, strength: (day: number) => number = () => 1): Sky =>
  (today, minute) => {
    const share = Math.max(0, 1 - Math.abs(minute - at(today)) / 20) * strength(today);
    return [9 * share, 24 * share];
  };
const both =
  (one: Sky, other: Sky): Sky =>
  (today, minute) => {
    const [a, b] = one(today, minute);
    const [c, d] = other(today, minute);
    return [a + c, b + d];
  };
const from = (firstDay: number, minute: number, shift: Shift, untilMinute = 1_440): Sky => (today, now) =>
  today > firstDay || (today === firstDay && now >= minute) ? (now < untilMinute ? shift : [0, 0]) : [0, 0]; // prettier-ignore

/** Worst cast of each day, 06:00 to 20:30 by one look in ten seconds; it is dark then. `keepsAt`: a restart each midnight. */
function worst(sky: Sky, days: number, restarts = false): readonly number[] {
  let cast = new ColourCast();
  return Array.from({ length: days }, (_, today) => {
    let most = 0;
    for (let minute = 0; minute < 1_440; minute += 1 / 6) {
      const nowMs = today * dayMs + minute * minuteMs;
      if (minute < 360 || minute >= 1_230) {
        cast.unseen(nowMs);
        continue;
      }
      const [a, b] = sky(today, Math.floor(minute));
      const told = cast.measure({ ...day, a: day.a + a, b: day.b + b }, Math.floor(minute / 60), nowMs);
      most = Math.max(most, told ?? 0);
    }
    if (restarts) {
      const next = new ColourCast();
      next.restore(JSON.parse(JSON.stringify(cast.keep())) as ReturnType<ColourCast["keep"]>);
      cast = next;
    }
    return Math.round(most * 100) / 100;
  });
}
const faults = (told: readonly number[]): string => told.map((one) => (one >= faultFrom ? "x" : ".")).join("");

const evening = sunset(() => 19 * 60 + 5);
const wanders = sunset((today) => 18 * 60 + 40 + 1.5 * today);
const pink: Shift = [26, -10];

describe("a sunset is usual from the third evening on", () => {
  for (const [name, sky, expected] of [
    ["no sunset", () => [0, 0], "........"],
    ["every evening at five past seven", evening, "xx......"],
    ["it wanders from one hour into the next", wanders, "xx......................"],
    [
      "some evenings are cloudy",
      sunset(
        () => 1_145,
        (today) => (today % 3 === 1 ? 0 : 1),
      ),
      "x.x.........",
    ],
    [
      "no two are as strong",
      sunset(
        () => 1_145,
        (today) => 0.8 + 0.05 * (today % 5),
      ),
      "xx......",
    ],
    ["a cold blue hour", (_, minute) => (minute > 1_150 && minute < 1_180 ? [3, -24] : [0, 0]), "xx......"],
  ] as const satisfies readonly (readonly [string, Sky, string])[])
    test(name, () => {
      expect(faults(worst(sky, expected.length))).toBe(expected);
      expect(faults(worst(sky, expected.length, true)), "over restarts").toBe(expected);
    });
});

describe("a cast is told, in the hour of the sunset, too", () => {
  for (const [name, sky, expected] of [
    ["pink in the hour of the sunset", both(evening, from(6, 1_140, pink)), "xx....xxx"],
    ["pink for twenty minutes each evening, as a filter that hangs", (_, minute) => (minute > 1_145 && minute < 1_165 ? pink : [0, 0]), "xxxxxxxx"],
    ["pink all day, for a week", both(evening, from(3, 600, pink)), "xx.xxxxxx"],
    ["yellow all day: what stays does not pass", both(evening, from(4, 600, [9, 24])), "xx..xxxxx"],
    ["yellow in the morning where sunsets are in the evening, then for longer", both(evening, from(4, 480, [9, 24], 510)), "xx..xxxxx"],
    ["far more orange than any evening", both(evening, from(5, 1_145, [14, 40], 1_165)), "xx...xxxx"],
  ] as const satisfies readonly (readonly [string, Sky, string])[])
    test(name, () => expect(faults(worst(sky, expected.length))).toBe(expected)); // prettier-ignore
});
