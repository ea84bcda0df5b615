/** What the box tells while one looks: cameras, box, config, editors, frames. Opened at log-in, closed at log-out. */
import { effect, signal } from "@preact/signals";
import type { BoxHealth, CameraView, ConfigState, ToPage, WatchedCamera } from "../../api.ts";
import { afterHand } from "./hand.ts";
import { siteZone } from "./language.ts";
import { loadSession, session } from "./session.ts";
import { LiveSocket } from "./live-socket.ts";
import type { LiveFrame } from "./live-frame.ts";
import { saving } from "./theme.ts";

/** Cameras as of the last second; null before the first word. */
export const cameras = signal<readonly CameraView[] | null>(null);
export const box = signal<BoxHealth | null>(null);
export const configState = signal<ConfigState | null>(null);
effect(() => {
  if (box.value) siteZone.value = box.value.site.timezone;
});
/** Who else edits which camera's rules. */
export const editors = signal<readonly { readonly user: string; readonly camera: string; readonly sinceMs: number }[]>(
  [],
);
/** Wall time since when there is no connection; null while there is one. */
export const offlineSinceMs = signal<number | null>(null);
/** The box's clock minus this device's, ms. */
export const clockAheadMs = signal(0);
/** Received over the socket, bits a second, over the last seconds. */
export const bitsPerSec = signal(0);

/** A tile that wants frames. */
export interface Watch {
  readonly camera: WatchedCamera;
  readonly frame: (frame: LiveFrame) => Promise<void>;
}

const watches = new Set<Watch>();
const listeners = new Set<(message: ToPage) => void>();
let socket: LiveSocket | null = null;
let planned = false;

/** Asks for frames until the returned function is called. */
export function watchCamera(watch: Watch): () => void {
  watches.add(watch);
  plan();
  return () => {
    watches.delete(watch);
    plan();
  };
}

/** Hears every message until the returned function is called. */
export function onLive(listener: (message: ToPage) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells others that this page edits a camera's rules. */
export function tellEditing(camera: string | null): void {
  socket?.editing(camera);
}

/** Asks for log lines, or no longer. */
export function wantLogs(on: boolean): void {
  socket?.logs(on);
}

/** Many tiles come and go in one turn of a page: they are told to the box as one. */
function plan(): void {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    socket?.watch(document.hidden ? [] : wanted());
  });
}

const sizes = ["saving", "normal", "full"] as const;

/** The largest size that any tile of a camera asks for. */
function wanted(): readonly WatchedCamera[] {
  const byCamera = new Map<string, WatchedCamera>();
  for (const { camera } of watches) {
    const other = byCamera.get(camera.id);
    if (!other || sizes.indexOf(camera.size) > sizes.indexOf(other.size)) byCamera.set(camera.id, camera);
  }
  const all = [...byCamera.values()];
  return saving.value === "on" ? all.map(({ id }) => ({ id, size: "saving", fps: 2 })) : all;
}

document.addEventListener("visibilitychange", plan);
saving.subscribe(plan);

function take(message: ToPage, heardMs: number): void {
  if (message.kind === "hello" || message.kind === "status") clockAheadMs.value = message.nowMs - heardMs;
  if (message.kind === "status") cameras.value = message.cameras;
  if (message.kind === "box") box.value = message.box;
  if (message.kind === "hello" || message.kind === "config") configState.value = message.config;
  if (message.kind === "editors") editors.value = message.editors;
  for (const listener of listeners) listener(message);
}

async function show(frame: LiveFrame): Promise<void> {
  const { cam, seq } = frame.header;
  const shown = [...watches].filter((watch) => watch.camera.id === cam).map((watch) => watch.frame(frame));
  await Promise.allSettled(shown);
  socket?.shown(cam, seq);
}

let receivedBytes = 0;

/** Adds to the meter what came another way than over this socket. */
export function countBytes(count: number): void {
  receivedBytes += count;
}

setInterval(() => {
  // Half of the old value stays: the figure is readable instead of jumping.
  const next = (bitsPerSec.peek() + receivedBytes * 8) / 2;
  receivedBytes = 0;
  afterHand(bitsPerSec, () => {
    bitsPerSec.value = next;
  });
}, 1_000);

effect(() => {
  const isIn = session.value?.state === "in";
  if (isIn && socket === null) {
    socket = new LiveSocket({
      frame: (frame) => void show(frame),
      message: take,
      connected: (is) => {
        if (is) offlineSinceMs.value = null;
        else offlineSinceMs.value ??= Date.now();
      },
      signedOut: () => void loadSession().catch(() => undefined),
      bytes: countBytes,
    });
    plan();
  }
  if (!isIn && socket !== null) {
    socket.close();
    socket = null;
    offlineSinceMs.value = null;
  }
});
