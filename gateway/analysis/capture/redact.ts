/** Takes secrets out of text that other programs wrote; pure. */
import type { CameraCredentials } from "../../config/schema.ts";
import { encoded } from "./camera-url.ts";

/** What stands where a secret stood. */
export const redacted = "***";

/** Shorter secrets are not looked for as such: replacing every "1" would leave no text. Patterns still hide them in URLs. */
const shortestSecret = 3;

/**
 * Makes a function that hides these credentials in raw, percent-encoded (full, as a URL parser does it, and in lower
 * case) and base64 form, each also as it stands in JSON and in JSON within JSON, and besides every `user:password@` of any URL and every Authorization value.
 */
export function redactorOf(credentials: readonly (CameraCredentials | null)[]): (text: string) => string {
  const secrets = new Set<string>();
  for (const known of credentials) {
    if (!known) continue;
    for (const secret of [known.password, `${known.user}:${known.password}`])
      for (const form of formsOf(secret))
        for (const written of [form, inJson(form), inJson(inJson(form))]) secrets.add(written);
  }
  // Longest first: a secret inside another one must not leave the rest of it standing.
  const ordered = [...secrets].filter((secret) => secret.length >= shortestSecret).sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of ordered) clean = clean.replaceAll(secret, redacted);
    return clean
      .replace(/(\w+:\/\/)[^\s/@]*:[^\s]*@/g, `$1${redacted}@`)
      .replace(/(Authorization:\s*)\S.*/gi, `$1${redacted}`);
  };
}

/** As it stands between the quotes of a JSON string: a log line is one. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function formsOf(secret: string): string[] {
  const full = encoded(secret);
  return [
    secret,
    full,
    full.toLowerCase(),
    encodeURIComponent(secret),
    encodeURI(secret),
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
  ];
}
