/** Answers a camera's demand for a login: Basic and Digest of RFC 7616 with MD5, SHA-256 and their session forms; pure. */
import { createHash } from "node:crypto";
import type { CameraCredentials } from "../../config/schema.ts";

/** A demand as it stood in a `WWW-Authenticate` line. */
export interface Challenge {
  readonly scheme: "basic" | "digest";
  readonly realm: string;
  readonly nonce: string;
  /** Upper case; `MD5` when the camera names none. */
  readonly algorithm: string;
  readonly hasQopAuth: boolean;
  readonly opaque: string | null;
  readonly isStale: boolean;
}

const hashes: Readonly<Record<string, string>> = { MD5: "md5", "SHA-256": "sha256" };

/** Every challenge of these header values that can be answered, the strongest first. */
export function challengesOf(headerValues: readonly string[]): Challenge[] {
  const found = headerValues.flatMap(splitSchemes).map(parseChallenge);
  return found
    .filter((challenge): challenge is Challenge => challenge !== null)
    .sort((a, b) => strength(b) - strength(a));
}

/** The `Authorization` value for one request. `count` counts the uses of the nonce from 1; `clientNonce` is random. */
export function authorizationOf(
  challenge: Challenge,
  credentials: CameraCredentials,
  request: { readonly method: string; readonly uri: string; readonly count: number; readonly clientNonce: string },
): string {
  const { user, password } = credentials;
  if (challenge.scheme === "basic") return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const { realm, nonce, algorithm, opaque } = challenge;
  const hash = (text: string): string =>
    createHash(hashes[algorithm.replace("-SESS", "")] ?? "md5")
      .update(text)
      .digest("hex");
  const login = hash(`${user}:${realm}:${password}`);
  const first = algorithm.endsWith("-SESS") ? hash(`${login}:${nonce}:${request.clientNonce}`) : login;
  const second = hash(`${request.method}:${request.uri}`);
  const count = request.count.toString(16).padStart(8, "0");
  const middle = challenge.hasQopAuth ? [count, request.clientNonce, "auth"] : [];
  const response = hash([first, nonce, ...middle, second].join(":"));
  const fields = [
    `username="${quoted(user)}"`,
    `realm="${quoted(realm)}"`,
    `nonce="${quoted(nonce)}"`,
    `uri="${request.uri}"`,
    `response="${response}"`,
    // MD5 stays unnamed: some cameras of old refuse a field that they did not send.
    ...(algorithm === "MD5" ? [] : [`algorithm=${algorithm}`]),
    ...(challenge.hasQopAuth ? ["qop=auth", `nc=${count}`, `cnonce="${request.clientNonce}"`] : []),
    ...(opaque === null ? [] : [`opaque="${quoted(opaque)}"`]),
  ];
  return `Digest ${fields.join(", ")}`;
}

function strength(challenge: Challenge): number {
  if (challenge.scheme === "basic") return 0;
  return challenge.algorithm.startsWith("SHA-256") ? 2 : 1;
}

/** One header line may hold several challenges: `Digest …, Basic …`. */
function splitSchemes(value: string): string[] {
  return value.split(/,\s*(?=(?:Basic|Digest)\s)/i);
}

function parseChallenge(text: string): Challenge | null {
  const scheme = /^\s*(basic|digest)\s/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== "basic" && scheme !== "digest") return null;
  const fields = new Map<string, string>();
  for (const m of text.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    fields.set((m[1] ?? "").toLowerCase(), m[2]?.replaceAll(/\\(.)/g, "$1") ?? m[3] ?? "");
  }
  const algorithm = (fields.get("algorithm") ?? "MD5").toUpperCase();
  if (scheme === "digest" && hashes[algorithm.replace("-SESS", "")] === undefined) return null;
  return {
    scheme,
    realm: fields.get("realm") ?? "",
    nonce: fields.get("nonce") ?? "",
    algorithm,
    hasQopAuth: (fields.get("qop") ?? "").split(/[\s,]+/).includes("auth"),
    opaque: fields.get("opaque") ?? null,
    isStale: fields.get("stale")?.toLowerCase() === "true",
  };
}

function quoted(text: string): string {
  return text.replaceAll(/(["\\])/g, "\\$1");
}
