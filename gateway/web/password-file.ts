/** The users of the page on disk: names, roles and scrypt, never a password itself. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { idSchema } from "../config/schema.ts";
import { CommandError } from "../runtime/errors.ts";
import { makeFolder, writeWhole } from "../runtime/whole-file.ts";

export const minPasswordLength = 8;
export const maxPasswordLength = 256;
/** A site has a handful of people. */
export const maxUsers = 32;
/** Whose password `xueliang password set` sets, and the wizard's first user unless another is named. */
export const firstUser = "admin";

/** 32 MiB and about 80 ms on a small ARM core: OWASP's least for scrypt (N 2^15, r 8, p 3) with p 1 for the box's sake. */
const cost = { N: 32_768, r: 8, p: 1 } as const;

const hashSchema = z.strictObject({
  N: z.int().min(16_384).max(262_144),
  r: z.int().min(1).max(16),
  p: z.int().min(1).max(4),
  salt: z.base64().length(24),
  hash: z.base64().length(44),
});

/** Letters of any script, so that 张工 may be called so; no blanks, nothing that a path or header could trip over. */
export const userNameSchema = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,31}$/u);
export const roleSchema = z.enum(["viewer", "technician", "admin"]);

/** As many cameras as a config may have. */
export const userCamerasSchema = z.array(idSchema).max(64);

const userSchema = z.strictObject({
  name: userNameSchema,
  role: roleSchema,
  /** The only cameras that a viewer sees; all of them when left out. The other roles see all. */
  cameras: userCamerasSchema.optional(),
  createdMs: z.number(),
  password: hashSchema,
});
const usersSchema = z.strictObject({
  schema: z.literal("xueliang.users/1"),
  users: z.array(userSchema).max(maxUsers),
});
/** The file of the time when there was one password and no names. */
const oldSchema = hashSchema.extend({ schema: z.literal("xueliang.password/1") });

/** A stored password. */
export type StoredPassword = z.output<typeof hashSchema>;
/** One user. */
export type StoredUser = z.output<typeof userSchema>;
/** What a user may do. */
export type Role = z.output<typeof roleSchema>;

/** Where the users of a storage folder lie. */
export function passwordPath(folder: string): string {
  return join(folder, "web-password.json");
}

/** Sets the password of a user, who becomes an admin if new, mode 0600. */
export async function writePassword(folder: string, password: string, name = firstUser): Promise<void> {
  const users = await readUsers(folder);
  const known = users.find((user) => user.name === name);
  const next: StoredUser = {
    name,
    role: known?.role ?? "admin",
    ...(known?.cameras ? { cameras: known.cameras } : {}),
    createdMs: known?.createdMs ?? Date.now(),
    password: await hashOf(password),
  };
  await writeUsers(folder, [...users.filter((user) => user.name !== name), next]);
}

/** Only a viewer can be limited: who draws and changes must see what it does elsewhere. */
export function limited(user: StoredUser, cameras: readonly string[] | null | undefined): StoredUser {
  const { name, role, createdMs, password } = user;
  return { name, role, createdMs, password, ...(role === "viewer" && cameras ? { cameras: [...cameras] } : {}) };
}

/** The user of that name; without a name the only one, or the first admin. */
export function userNamed(users: readonly StoredUser[], name: string | undefined): StoredUser | undefined {
  if (name !== undefined && name !== "") return users.find((user) => user.name === name);
  return users.length === 1 ? users[0] : users.find((user) => user.name === firstUser);
}

/** Replaces all users, mode 0600. */
export async function writeUsers(folder: string, users: readonly StoredUser[]): Promise<void> {
  await writePrivate(passwordPath(folder), `${JSON.stringify({ schema: "xueliang.users/1", users })}\n`);
}

/** Long enough to be no guess, short enough to be no burden. */
export function hasGoodLength({ length }: string): boolean {
  return length >= minPasswordLength && length <= maxPasswordLength;
}

/** A password made ready to be stored. */
export async function hashOf(password: string): Promise<StoredPassword> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  return { ...cost, salt: salt.toString("base64"), hash: hash.toString("base64") };
}

/** None when nobody was named yet. @throws CommandError WEB_FILE when the file is not one of ours */
export async function readUsers(folder: string): Promise<readonly StoredUser[]> {
  const path = passwordPath(folder);
  try {
    const raw: unknown = JSON.parse(await readFile(path, "utf8"));
    const old = oldSchema.safeParse(raw);
    if (!old.success) return usersSchema.parse(raw).users;
    const { N, r, p, salt, hash } = old.data;
    return [{ name: firstUser, role: "admin", createdMs: 0, password: { N, r, p, salt, hash } }];
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw new CommandError(
      "WEB_FILE",
      { path, detail: cause instanceof Error && "code" in cause ? String(cause.code) : "not a password file" },
      { cause },
    );
  }
}

/** The first admin's password; null when none was set yet. @throws CommandError WEB_FILE */
export async function readPassword(folder: string): Promise<StoredPassword | null> {
  return (await readUsers(folder)).find(({ role }) => role === "admin")?.password ?? null;
}

/** Whether `password` is the stored one; takes as long for a wrong one. */
export async function matches(stored: StoredPassword, password: string): Promise<boolean> {
  const hash = await derive(password, Buffer.from(stored.salt, "base64"), stored);
  return timingSafeEqual(hash, Buffer.from(stored.hash, "base64"));
}

/** Writes a file that only its owner may read; whole or not at all. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path), 0o700);
  await writeWhole(path, Buffer.from(text));
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
