/** What lets programs ask and screens look on without a password: named, with a role, taken back at any time; only hashes are kept. */
import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Clock } from "../runtime/clock.ts";
import { CommandError } from "../runtime/errors.ts";
import { roleSchema, userCamerasSchema, userNameSchema, writePrivate, type Role } from "./password-file.ts";
import type { Visitor } from "./visitor.ts";

/** A site has a handful of programs and screens. */
export const maxTokens = 32;

const tokenSchema = z.strictObject({
  id: z.string().regex(/^[\w-]{8}$/),
  name: userNameSchema,
  /** api: a program, in the Authorization header; screen: a browser that only looks on, in its cookie. */
  kind: z.enum(["api", "screen"]),
  role: roleSchema,
  /** The only cameras that a viewer sees; all of them when left out. */
  cameras: userCamerasSchema.optional(),
  createdMs: z.number(),
  createdBy: z.string().max(64),
  hash: z.base64().length(44),
});
const fileSchema = z.strictObject({
  schema: z.literal("xueliang.tokens/1"),
  tokens: z.array(tokenSchema).max(maxTokens),
});

/** One that is kept. */
export type StoredToken = z.output<typeof tokenSchema>;
/** What it is for. */
export type TokenKind = StoredToken["kind"];

/** What is asked for. */
export interface TokenWish {
  readonly name: string;
  readonly kind: TokenKind;
  readonly role: Role;
  readonly cameras: readonly string[] | null;
  readonly by: string;
}

/** One for the life of the page. */
export class AccessTokens {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #seenMs = new Map<string, number>();
  #tokens: readonly StoredToken[];
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string, clock: Clock, tokens: readonly StoredToken[]) {
    this.#path = path;
    this.#clock = clock;
    this.#tokens = tokens;
  }

  /** @throws CommandError WEB_FILE when the file is there and not one of ours */
  static async open(folder: string, clock: Clock): Promise<AccessTokens> {
    const path = join(folder, "web-tokens.json");
    try {
      return new AccessTokens(path, clock, fileSchema.parse(JSON.parse(await readFile(path, "utf8"))).tokens);
    } catch (cause) {
      const code = cause instanceof Error && "code" in cause ? String(cause.code) : "not a file of tokens";
      if (code === "ENOENT") return new AccessTokens(path, clock, []);
      throw new CommandError("WEB_FILE", { path, detail: code }, { cause });
    }
  }

  /** Whose this secret is; null: nobody's, or of another kind. Looked up by hash, so that no comparison tells of it. */
  #of(kind: TokenKind, secret: string | undefined): StoredToken | null {
    if (secret === undefined || secret.length !== 43) return null;
    const hash = hashOf(secret);
    const found = this.#tokens.find((one) => one.kind === kind && one.hash === hash);
    if (found) this.#seenMs.set(found.id, this.#clock.nowMs());
    return found ?? null;
  }

  /** Who carries such a secret; null: nobody. No user has a colon in the name. */
  visitor(kind: TokenKind, secret: string | undefined): Visitor | null {
    const found = this.#of(kind, secret);
    if (!found || secret === undefined) return null;
    return { kind, user: `token:${found.name}`, role: found.role, cameras: found.cameras ?? null, token: secret };
  }

  /** All, and when each was used last since the start. */
  get all(): readonly (StoredToken & { readonly lastSeenMs: number | null })[] {
    return this.#tokens.map((one) => ({ ...one, lastSeenMs: this.#seenMs.get(one.id) ?? null }));
  }

  /** The secret is told here and never again; null: the name is taken, or there are too many. */
  async add(wish: TokenWish): Promise<{ readonly token: StoredToken; readonly secret: string } | null> {
    const { name, kind, role, cameras, by: createdBy } = wish;
    const secret = randomBytes(32).toString("base64url");
    const token: StoredToken = {
      ...{ id: randomBytes(6).toString("base64url"), name, kind, role },
      ...(role === "viewer" && cameras ? { cameras: [...cameras] } : {}),
      ...{ createdMs: this.#clock.nowMs(), createdBy, hash: hashOf(secret) },
    };
    const added = await this.#write((tokens) =>
      tokens.length >= maxTokens || tokens.some((one) => one.name === name) ? null : [...tokens, token],
    );
    return added ? { token, secret } : null;
  }

  /** It opens nothing from here on; null: there is none. */
  async remove(id: string): Promise<StoredToken | null> {
    const gone = this.#tokens.find((one) => one.id === id);
    return gone && (await this.#write((tokens) => tokens.filter((one) => one.id !== id))) ? gone : null;
  }

  /** One change at a time; on the disk before it counts. */
  async #write(change: (tokens: readonly StoredToken[]) => readonly StoredToken[] | null): Promise<boolean> {
    const changed = this.#turn.then(async () => {
      const tokens = change(this.#tokens);
      if (!tokens) return false;
      await writePrivate(this.#path, `${JSON.stringify({ schema: "xueliang.tokens/1", tokens })}\n`);
      this.#tokens = tokens;
      return true;
    });
    this.#turn = changed.catch(() => undefined); // The caller sees the failure; the next turn must not.
    return changed;
  }
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}
