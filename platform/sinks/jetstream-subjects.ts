/** Names of what a stream holds, one message a subject for ever; pure. What is published with "no message before on this subject" is stored once. */
import type { ReadEvent } from "../../gateway/delivery/uplink/protocol/read-event.ts";

/** Everything of a platform lies below this. */
export const root = "xl";

/** Any text as one token of a subject: dots, spaces and wildcards would make another subject of it. */
export function token(text: string): string {
  return /^[A-Za-z0-9_-]+$/.test(text) ? text : `=${Buffer.from(text).toString("base64url")}`;
}

/** The event itself, named by its id alone: whatever way it comes, it is there once. */
export function eventSubject(id: string): string {
  return `${root}.event.${token(id)}`;
}

/** The copy for one department: severity, type and gateway are tokens, so that a consumer filters by them. */
export function departmentSubject(department: string, event: ReadEvent): string {
  const { id, source, type, data } = event;
  const gw = source.slice(source.lastIndexOf("/") + 1);
  return [root, "for", token(department), String(data.severity ?? 4), token(typeName(type)), token(gw), token(id)].join(
    ".",
  );
}

/** How far a lane is. */
export function markSubject(gw: string, epoch: string, lane: number): string {
  return `${root}.mark.${token(gw)}.${token(epoch)}.${lane}`;
}

/** Something put aside, or a run given up, at its number in a lane. */
export function asideSubject(
  kind: "quarantine" | "gap",
  at: { readonly gw: string; readonly epoch: string; readonly lane: number; readonly seq: number },
): string {
  return `${root}.${kind}.${token(at.gw)}.${token(at.epoch)}.${at.lane}.${at.seq}`;
}

/** A piece of evidence. */
export function evidenceSubject(sha256: string): string {
  return `${root}.evidence.${token(sha256)}`;
}

/** `vision.fishing-multi-rod.v1` is told apart by its middle. */
function typeName(type: string): string {
  return type.replace(/^[a-z]+\./, "").replace(/\.v\d+$/, "");
}
