/** Whose word counts: the keys of gateway.yaml, and what commands have changed since. */
import { createPublicKey, verify } from "node:crypto";
import type { GatewayConfig } from "../../config/schema.ts";
import type { Database } from "../../database/database.ts";
import { sm2Engine } from "../keys/sm2.ts";
import { commandBytes } from "../uplink/protocol/command.ts";

/** A key as config and commands write it. */
export type CommandKey = GatewayConfig["commands"]["keys"][number];

/** trusted: obeyed; offered: named by a trusted key, and must speak itself once; revoked: never again. */
export type KeyState = "trusted" | "offered" | "revoked";

/** What is known of a key. */
export interface KnownKey extends CommandKey {
  readonly state: KeyState;
  /** Highest counter that it has used. */
  readonly counter: number;
}

/** Trusted and offered keys together; more would only be more to lose. */
const maxKeys = 8;
// SPKI of an Ed25519 key without the key itself (RFC 8410).
const spkiHead = Buffer.from("302a300506032b6570032100", "hex");

/** The keys of one box. */
export class Keyring {
  readonly #database: Database;

  /** Keys of the config are trusted unless a command has revoked them. */
  constructor(database: Database, configured: readonly CommandKey[]) {
    this.#database = database;
    for (const { id, alg, public: key } of configured)
      database.run(
        "INSERT INTO command_keys (id, alg, public, state, counter) VALUES (?, ?, ?, 'trusted', 0) ON CONFLICT (id) DO UPDATE SET alg = excluded.alg, public = excluded.public, counter = 0 WHERE public <> excluded.public AND state <> 'revoked'",
        id,
        alg,
        key,
      );
  }

  get(id: string): KnownKey | null {
    const row = this.#database.get("SELECT * FROM command_keys WHERE id = ?", id);
    if (!row) return null;
    return {
      id,
      alg: row["alg"] === "sm2" ? "sm2" : "ed25519",
      public: String(row["public"]),
      state: row["state"] === "trusted" ? "trusted" : row["state"] === "offered" ? "offered" : "revoked",
      counter: Number(row["counter"]),
    };
  }

  /** Notes that `id` has used this counter; within the caller's transaction. */
  used(id: string, counter: number): void {
    this.#database.run("UPDATE command_keys SET counter = max(counter, ?) WHERE id = ?", counter, id);
  }

  /** First step of a rotation. False: there are too many, or the id is taken. */
  offer({ id, alg, public: key }: CommandKey): boolean {
    const count = Number(
      this.#database.get("SELECT count(*) AS count FROM command_keys WHERE state <> 'revoked'")?.["count"],
    );
    if (count >= maxKeys || this.get(id)) return false;
    this.#database.run(
      "INSERT INTO command_keys (id, alg, public, state, counter) VALUES (?, ?, ?, 'offered', 0)",
      id,
      alg,
      key,
    );
    return true;
  }

  /** Second step: the offered key has spoken itself, and takes the place of `instead`. */
  confirm(id: string, instead: string): void {
    this.#database.transaction(() => {
      this.#database.run("UPDATE command_keys SET state = 'trusted' WHERE id = ? AND state = 'offered'", id);
      this.#database.run("UPDATE command_keys SET state = 'revoked' WHERE id = ?", instead);
    });
  }
}

/** Whether `signature` (base64) over a command's octets is that of `key`. Never throws. */
export function isSigned(key: CommandKey, payload: Uint8Array, signature: string): boolean {
  const bytes = commandBytes(payload);
  const raw = Buffer.from(key.public, "base64");
  try {
    if (key.alg === "sm2")
      return sm2Engine().verify(bytes, Buffer.from(signature, "base64").toString("hex"), raw.toString("hex"));
    const spki = createPublicKey({ key: Buffer.concat([spkiHead, raw]), format: "der", type: "spki" });
    return verify(null, bytes, spki, Buffer.from(signature, "base64"));
  } catch {
    return false; // A key or signature of the wrong length is a wrong one.
  }
}
