/** Times of what happened at the site, in the site's time zone: the sheet, the platform and the picture's own clock say the same. */
import { momentText } from "../shell/language.ts";
import { box } from "../shell/live.ts";

/** The site's time zone; this device's before the box has spoken. */
export function siteZone(): string {
  return box.value?.site.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `21 Nov 2026, 22:31` at the site. */
export function siteMoment(ms: number): string {
  return momentText(ms, siteZone());
}
