/** Wall times as people and platforms of a place write them. */

/** RFC 3339 with milliseconds and the offset of `timezone` (IANA name), for example `2026-03-14T14:25:31.240+08:00`. */
export function localTime(atMs: number, timezone: string): string {
  const offsetMin = offsetMinutes(atMs, timezone);
  const shifted = new Date(atMs + offsetMin * 60_000).toISOString().slice(0, -1);
  const size = Math.abs(offsetMin);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${shifted}${offsetMin < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function offsetMinutes(atMs: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "longOffset" }).formatToParts(atMs);
  const said = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  const match = /GMT([+-])(\d{2}):?(\d{2})/.exec(said);
  if (!match) return 0;
  const size = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === "-" ? -size : size;
}
