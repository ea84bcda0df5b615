/** The token with which a scraper reads `/metrics`. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../runtime/errors.ts";
import { writePrivate } from "./password-file.ts";

/** Reads it from the storage folder; made at the first start, mode 0600. @throws CommandError WEB_FILE */
export async function openMetricsToken(folder: string): Promise<string> {
  const path = join(folder, "metrics-token");
  try {
    const token = (await readFile(path, "utf8")).trim();
    await chmod(path, 0o600);
    if (token.length >= 32) return token;
  } catch (cause) {
    const detail = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    if (detail !== "ENOENT") throw new CommandError("WEB_FILE", { path, detail }, { cause });
  }
  const token = randomBytes(32).toString("base64url");
  await writePrivate(path, `${token}\n`);
  return token;
}

/** Whether an Authorization header carries the metrics token. */
export function bearerFits(authorization: string | undefined, token: string): boolean {
  const given = Buffer.from(/^Bearer (\S+)$/.exec(authorization ?? "")?.[1] ?? "");
  const expected = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
