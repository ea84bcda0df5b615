/** Whether a command is obeyed; pure. */
import type { CommandEnvelope } from "../uplink/protocol/command.ts";
import type { CommandState } from "../uplink/protocol/messages.ts";
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

/** What is stored of a command that came before. */
export interface StoredAnswer {
  readonly state: CommandState;
  readonly detail: string;
}

/**
 * What is done about a command whose signature is right. repeat: it came before, the stored answer is said again and nothing is
 * done. In both other cases command and counter go to the disk first, in one step; only then it is obeyed.
 */
export type Decision<Stored extends StoredAnswer> =
  | { readonly kind: "repeat"; readonly answer: Stored }
  | { readonly kind: "refuse"; readonly refusal: Refusal }
  | { readonly kind: "obey" };

/** Decides; `stored` is null for an id that is new. */
export function decideOn<Stored extends StoredAnswer>(
  command: CommandEnvelope,
  stored: Stored | null,
  situation: CommandSituation,
): Decision<Stored> {
  if (stored) return { kind: "repeat", answer: stored };
  const refusal = verdict(command, situation);
  return refusal ? { kind: "refuse", refusal } : { kind: "obey" };
}

/** How a command stands after a restart: whether it was done nobody knows, so nobody says that it was. */
export function afterRestart(state: CommandState): CommandState {
  return state === "accepted" || state === "running" ? "failed" : state;
}
