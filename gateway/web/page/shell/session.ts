/** Who is here: asked once at the start, kept as a signal, forgotten when the box forgets us. */
import { computed, signal } from "@preact/signals";
import type { Login, Role, SessionAnswer, SetupCode, SetupFinish } from "../../api.ts";
import { call, useSession } from "./call.ts";

/** What the box said last; null before its first answer. */
export const session = signal<SessionAnswer | null>(null);

/** The role of whoever is logged in. */
export const role = computed<Role | null>(() => (session.value?.state === "in" ? session.value.role : null));

const ranks: Readonly<Record<Role, number>> = { viewer: 0, technician: 1, admin: 2 };

/** Whether the present user may do what needs `least`. */
export function may(least: Role): boolean {
  return role.value !== null && ranks[role.value] >= ranks[least];
}

function take(answer: SessionAnswer): void {
  useSession(answer.csrf, () => {
    void loadSession();
  });
  session.value = answer;
}

/** Asks the box who we are. @throws CallFailed */
export async function loadSession(): Promise<void> {
  take((await call<SessionAnswer>("GET", "/session")).value);
}

/** What the link of a screen ends in. */
const linked = /^#\/screen\/([\w-]{43})$/;

/** Asks the box who we are; a screen that opened its link comes in by it, once. @throws CallFailed */
export async function begin(): Promise<void> {
  const secret = linked.exec(location.hash)?.[1];
  if (secret === undefined) return loadSession();
  const { value } = await call<SessionAnswer>("POST", "/session/screen", { body: { secret } });
  location.replace("#/"); // The secret stays in no history.
  take(value);
}

/** @throws CallFailed */
export async function logIn(body: Login): Promise<void> {
  take((await call<SessionAnswer>("POST", "/session", { body })).value);
}

/** @throws CallFailed */
export async function logOut(): Promise<void> {
  await call("DELETE", "/session");
  await loadSession();
}

/** Redeems the one-time code of the first start. @throws CallFailed */
export async function redeemCode(body: SetupCode): Promise<void> {
  take((await call<SessionAnswer>("POST", "/setup/code", { body })).value);
}

/** Ends set-up with a first password. @throws CallFailed */
export async function finishSetUp(body: SetupFinish): Promise<void> {
  take((await call<SessionAnswer>("POST", "/setup/finish", { body, deadlineMs: 60_000 })).value);
}
