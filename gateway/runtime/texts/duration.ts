/** Lengths of time and sizes in words (pure). */
import type { Language } from "./fill.ts";
import { say } from "./say.ts";

/** `3 d 4 h`, `4 h 11 min`, `11 min 2 s`, `2 s`; two units are enough to act on. */
export function durationText(language: Language, ms: number): string {
  const all = Math.max(0, Math.floor(ms / 1_000));
  const [days, hours, minutes, seconds] = [
    Math.floor(all / 86_400),
    Math.floor(all / 3_600) % 24,
    Math.floor(all / 60) % 60,
    all % 60,
  ];
  if (days > 0) return say(language, "unitDays", { days, hours });
  if (hours > 0) return say(language, "unitHours", { hours, minutes });
  return minutes > 0 ? say(language, "unitMinutes", { minutes, seconds }) : say(language, "unitSeconds", { seconds });
}

/** `12 MB`; below one, `0.4 MB`. */
export function megabytesText(bytes: number): string {
  const megabytes = bytes / 1_048_576;
  return `${megabytes >= 10 ? Math.round(megabytes) : Math.round(megabytes * 10) / 10} MB`;
}

/** A figure in milliseconds with as many digits as mean something; a dash where there is none. */
export function millisecondsText(ms: number | null): string {
  if (ms === null) return "–";
  return ms >= 100 ? String(Math.round(ms)) : String(Math.round(ms * 10) / 10);
}
