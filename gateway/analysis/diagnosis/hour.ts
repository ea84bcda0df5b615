/** The hour of the day at a place. */

const minuteMs = 60_000;

/** Wall ms → hour 0..23 in an IANA time zone. Asked once a second, computed once a minute. Throws RangeError for no such zone. */
export function hourIn(timezone: string): (nowMs: number) => number {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, hour: "2-digit", hourCycle: "h23" });
  let minute = NaN;
  let hour = 0;
  return (nowMs) => {
    const now = Math.floor(nowMs / minuteMs);
    if (now !== minute) {
      minute = now;
      hour = Number(format.format(nowMs));
    }
    return hour;
  };
}
