/** A draft in two places: in this browser at once, on the box a moment later; either survives the loss of the other. */
import type { Draft } from "../../api.ts";
import { call } from "../shell/call.ts";
import { afterHand } from "../shell/hand.ts";
import { may } from "../shell/session.ts";
import { readStored, writeStored } from "../shell/stored.ts";
import { draftText, readDraft, type KeptDraft } from "./core/draft-text.ts";

/** The box hears of a pause in the drawing, not of every step. */
const tellBoxAfterMs = 1_500;

const keyOf = (camera: string): string => `draft.${camera}`;
const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** The newer of both; null when there is none. A box that does not answer has none. */
export async function loadDraft(camera: string): Promise<KeptDraft | null> {
  const here = readDraft(readStored(keyOf(camera)));
  const told = may("technician") ? await call<Draft>("GET", `/cameras/${camera}/draft`).catch(() => null) : null;
  const there = told && readDraft(draftText(told.value));
  return there && there.savedMs > (here?.savedMs ?? -Infinity) ? there : here;
}

/** Keeps a draft, or forgets it with null. False: this browser refuses to keep it. */
export function keepDraft(camera: string, draft: Omit<KeptDraft, "version"> | null): boolean {
  const kept = writeStored(keyOf(camera), draft && draftText(draft)) || draft === null;
  clearTimeout(timers.get(camera));
  timers.set(
    camera,
    setTimeout(() => afterHand(keyOf(camera), () => tellBox(camera, draft)), tellBoxAfterMs),
  );
  return kept;
}

/** Without a word when it fails: the browser has the draft, and the next step tries again. */
function tellBox(camera: string, draft: Omit<KeptDraft, "version"> | null): void {
  if (!may("technician")) return;
  const path = `/cameras/${camera}/draft`;
  const told = draft === null ? call("DELETE", path) : call("PUT", path, { body: draft });
  told.catch(() => undefined);
}
