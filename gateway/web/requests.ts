/** What a request says of itself: host, origin, cookies, language, form fields (pure). */
import { isIP } from "node:net";
import { languageOf, type Language } from "../runtime/texts/fill.ts";

/** Whether the Host header names this box. A page of a rebound domain name comes with that name; an address cannot be rebound. */
export function hostIsOurs(host: string | undefined, names: readonly string[]): boolean {
  if (host === undefined) return false;
  const name = /^(\[[^\]]+\]|[^:]+)(?::\d{1,5})?$/.exec(host)?.[1]?.toLowerCase();
  if (name === undefined) return false;
  return (
    isIP(name.replace(/^\[|\]$/g, "")) !== 0 || name === "localhost" || names.some((one) => one.toLowerCase() === name)
  );
}

/** Whether a form comes from our own page, as far as the browser says. */
export function originIsOurs(headers: {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
  readonly site?: string | undefined;
}): boolean {
  if (headers.site !== undefined && headers.site !== "same-origin" && headers.site !== "none") return false;
  return (
    headers.origin === undefined ||
    headers.origin === `http://${headers.host ?? ""}` ||
    headers.origin === `https://${headers.host ?? ""}`
  );
}

/** Cookies by name; the first of a name counts. */
export function cookiesOf(header: string | undefined): Readonly<Record<string, string>> {
  const pairs = (header ?? "").split(";").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at === -1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
  });
  return Object.fromEntries(pairs.reverse());
}

/** The switch's cookie, else the browser's first language, else the site's. */
export function pageLanguage(cookie: string | undefined, acceptLanguage: string | undefined, site: Language): Language {
  if (cookie === "zh" || cookie === "en") return cookie;
  return acceptLanguage === undefined || acceptLanguage === "" ? site : languageOf(acceptLanguage);
}
