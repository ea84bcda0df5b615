/** Sunrise and sunset from coordinates, after the equations of NOAA's solar calculator; good to about two minutes. */

const DAY_MS = 86_400_000;
const RAD = Math.PI / 180;
/** Degrees below the horizon of the sun's centre at sunrise: half its width and the bending of the air. */
const HORIZON_DEG = 90.833;

/** From sunrise to sunset, UTC ms. */
export interface SunSpan {
  readonly riseMs: number;
  readonly setMs: number;
}

/** Sunrise and sunset in UTC ms of the day whose UTC midnight (of the place's own date) is `dayUtcMs`; null where the sun does not rise or set that day. */
export function sunTimes(dayUtcMs: number, place: { readonly lon: number; readonly lat: number }): SunSpan | null {
  const span = sunSpan(dayUtcMs, place);
  const lengthMs = span.setMs - span.riseMs;
  return lengthMs <= 0 || lengthMs >= DAY_MS ? null : span;
}

/** The same where the sun stays up or down: a day of 24 hours around noon, or none, both edges at noon. */
export function sunSpan(dayUtcMs: number, place: { readonly lon: number; readonly lat: number }): SunSpan {
  const noonMs = dayUtcMs + DAY_MS / 2 - (place.lon / 360) * DAY_MS;
  const century = (noonMs / DAY_MS + 2_440_587.5 - 2_451_545) / 36_525;
  const meanLongitude = (280.46646 + century * (36_000.76983 + century * 0.0003032)) % 360;
  const anomaly = 357.52911 + century * (35_999.05029 - 0.0001537 * century);
  const eccentricity = 0.016708634 - century * 0.000042037;
  const centre =
    Math.sin(anomaly * RAD) * (1.914602 - century * 0.004817) +
    Math.sin(2 * anomaly * RAD) * 0.019993 +
    Math.sin(3 * anomaly * RAD) * 0.000289;
  const node = 125.04 - 1934.136 * century;
  const longitude = meanLongitude + centre - 0.00569 - 0.00478 * Math.sin(node * RAD);
  const obliquity = 23.439291 - century * 0.0130042 + 0.00256 * Math.cos(node * RAD);
  const declination = Math.asin(Math.sin(obliquity * RAD) * Math.sin(longitude * RAD));
  const y = Math.tan((obliquity / 2) * RAD) ** 2;
  const equationOfTimeMin =
    (4 / RAD) *
    (y * Math.sin(2 * meanLongitude * RAD) -
      2 * eccentricity * Math.sin(anomaly * RAD) +
      4 * eccentricity * y * Math.sin(anomaly * RAD) * Math.cos(2 * meanLongitude * RAD) -
      0.5 * y * y * Math.sin(4 * meanLongitude * RAD) -
      1.25 * eccentricity ** 2 * Math.sin(2 * anomaly * RAD));
  const cosHour =
    Math.cos(HORIZON_DEG * RAD) / (Math.cos(place.lat * RAD) * Math.cos(declination)) -
    Math.tan(place.lat * RAD) * Math.tan(declination);
  const halfDayMs = (Math.acos(Math.max(-1, Math.min(1, cosHour))) / RAD / 360) * DAY_MS;
  const transitMs = noonMs - equationOfTimeMin * 60_000;
  return { riseMs: transitMs - halfDayMs, setMs: transitMs + halfDayMs };
}
