/** The page's password on disk: scrypt, never the password itself. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { CommandError } from "../runtime/errors.ts";

export const minPasswordLength = 8;
export const maxPasswordLength = 256;

/** 32 MiB and about 80 ms on a small ARM core: OWASP's least for scrypt (N 2^15, r 8, p 3) with p 1 for the box's sake. */
const cost = { N: 32_768, r: 8, p: 1 } as const;

const fileSchema = z.strictObject({
  schema: z.literal("xueliang.password/1"),
  N: z.int().min(16_384).max(262_144),
  r: z.int().min(1).max(16),
  p: z.int().min(1).max(4),
  salt: z.base64().length(24),
  hash: z.base64().length(44),
});

/** A stored password. */
export type StoredPassword = z.output<typeof fileSchema>;

/** Where the password of a storage folder lies. */
export function passwordPath(folder: string): string {
  return join(folder, "web-password.json");
}

/** Replaces the password as a whole, mode 0600. */
export async function writePassword(folder: string, password: string): Promise<void> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  const stored: StoredPassword = {
    schema: "xueliang.password/1",
    ...cost,
    salt: salt.toString("base64"),
    hash: hash.toString("base64"),
  };
  await writePrivate(passwordPath(folder), `${JSON.stringify(stored)}\n`);
}

/** Null when none was set yet. @throws CommandError WEB_FILE when the file is not one of ours */
export async function readPassword(folder: string): Promise<StoredPassword | null> {
  const path = passwordPath(folder);
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new CommandError(
      "WEB_FILE",
      { path, detail: cause instanceof Error && "code" in cause ? String(cause.code) : "not a password file" },
      { cause },
    );
  }
}

/** Whether `password` is the stored one; takes as long for a wrong one. */
export async function matches(stored: StoredPassword, password: string): Promise<boolean> {
  const hash = await derive(password, Buffer.from(stored.salt, "base64"), stored);
  return timingSafeEqual(hash, Buffer.from(stored.hash, "base64"));
}

/** Writes a file that only its owner may read: temporary file, fsync, rename. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

function derive(
  password: string,
  salt: Buffer,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, 32, { N, r, p, maxmem: 256 * N * r }, (error, hash) =>
      error ? reject(error) : resolve(hash),
    );
  });
}
