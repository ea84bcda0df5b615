/** Whether a command is obeyed; pure. */
import type { CommandEnvelope } from "../uplink/protocol/command.ts";
import type { KnownKey } from "./keyring.ts";

/** What the box knows when a command comes. */
export interface CommandSituation {
  readonly gw: string;
  readonly accept: readonly string[];
  readonly key: KnownKey;
  readonly nowMs: number;
  /** Whether this box knows the time: one in 1970 cannot judge `exp`. */
  readonly clockKnown: boolean;
}

/** Refusal with its state on the wire; null: obey. */
export interface Refusal {
  readonly state: "denied" | "expired";
  readonly detail: string;
}

/** Judges a command whose signature is right and whose id is new. */
export function verdict(command: CommandEnvelope, situation: CommandSituation): Refusal | null {
  const { gw, accept, key, nowMs, clockKnown } = situation;
  const denied = (detail: string): Refusal => ({ state: "denied", detail });
  if (command.gw !== gw) return denied("this command is for another box");
  if (key.state === "revoked") return denied(`key ${key.id} is revoked`);
  // An offered key may do one thing only: show that somebody holds it.
  if (key.state === "offered" && !(command.op === "key.rotate" && command.args["step"] === "confirm"))
    return denied(`key ${key.id} is not confirmed yet`);
  if (command.ctr <= key.counter) return denied(`counter ${command.ctr} was used before (${key.counter})`);
  if (clockKnown && command.exp < nowMs) return { state: "expired", detail: "its time is over" };
  if (!accept.includes(command.op)) return denied(`${command.op} is not accepted by this box's own config`);
  return null;
}
