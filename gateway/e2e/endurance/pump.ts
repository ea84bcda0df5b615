/** A box's session and a platform's, tied together without sockets and without time: an outbox is emptied in a few milliseconds. */
import { BoxSession } from "../../delivery/uplink/protocol/box.ts";
import type { BoxAction, OutboxPort } from "../../delivery/uplink/protocol/box-port.ts";
import { decide } from "../../delivery/uplink/protocol/commit.ts";
import type { Batch, PlatformAction, Watermark } from "../../delivery/uplink/protocol/platform-port.ts";
import { PlatformSessions } from "../../delivery/uplink/protocol/platform.ts";

/** A platform in memory. */
export class MemoryPlatform {
  readonly bodies = new Map<string, Uint8Array>();
  /** Numbers that a box said will never come, by epoch. */
  readonly gaps: { readonly epoch: string; readonly from: number; readonly to: number }[] = [];
  readonly quarantined: Uint8Array[] = [];
  duplicates = 0;
  readonly #marks = new Map<string, Watermark>();

  /** Lane marks of one box and epoch. */
  marks(epoch: string): ReadonlyMap<number, Watermark> {
    return new Map([0, 1, 2].flatMap((lane) => mapped(lane, this.#marks.get(`${epoch}/${lane}`))));
  }

  /** What it had before. */
  know(epoch: string, lane: number, mark: Watermark): void {
    this.#marks.set(`${epoch}/${lane}`, mark);
  }

  /** As a sink commits; returns how far the lane is. */
  commit(batch: Batch): number {
    const key = `${batch.epoch}/${batch.lane}`;
    const before = this.#marks.get(key) ?? { acked: 0, lastId: "" };
    const { mark, fresh, quarantined, gap } = decide(batch, before, (id) => this.bodies.has(id));
    this.#marks.set(key, mark);
    for (const { event, body } of fresh) if (event) this.bodies.set(event.id, body);
    for (const { body } of quarantined) this.quarantined.push(body);
    if (gap) this.gaps.push({ epoch: batch.epoch, from: gap.from, to: gap.to });
    return mark.acked;
  }
}

/** Sends until nothing waits; false when the session came to no end. Throws what the outbox throws. */
export function empty(outbox: OutboxPort, platform: MemoryPlatform): boolean {
  let nowMs = 0;
  let names = 0;
  const nonce = (): string => String((names += 1)).padStart(32, "0");
  const box = new BoxSession(
    {
      gw: "box-1",
      boot: nonce(),
      software: "test",
      role: "box",
      caps: [],
      serverKey: "k",
      sign: (text) => text,
      nonce,
    },
    outbox,
    () => nowMs,
  );
  const sessions = new PlatformSessions(
    {
      serverKey: "k",
      isEnrolled: () => true,
      verify: (_gw, text, signature) => text === signature,
      nonce,
      random: () => 0,
    },
    () => nowMs,
  );
  let rid = "";
  const up = (actions: readonly BoxAction[]): void => {
    for (const action of actions) {
      if (action.kind === "send") down(sessions.received(rid, action.message, nowMs));
      else if (action.kind === "drop") rid = "";
    }
  };
  const down = (actions: readonly PlatformAction[]): void => {
    for (const action of actions) {
      if (action.kind === "send" && action.rid === rid) up(box.received(action.message, nowMs));
      else if (action.kind === "lookup")
        down(sessions.watermarks(action.rid, action.sid, platform.marks(action.epoch), nowMs));
      else if (action.kind === "commit") {
        const { batch } = action;
        down(sessions.committed(batch.ticket, batch.lane, platform.commit(batch), []));
      }
    }
  };
  // A session ends early where a box numbers its rows anew; a handful is enough for whatever there is.
  for (let session = 1; session <= 8; session += 1) {
    rid = `r${session}`;
    up(box.connected(nowMs));
    for (let tick = 0; tick < 200 && rid !== "" && box.hasWork; tick += 1) {
      nowMs += 10;
      up(box.wake(nowMs));
    }
    if (rid !== "" && !box.hasWork) return true;
    box.lost();
    nowMs += 1_000;
  }
  return false;
}

function mapped(lane: number, mark: Watermark | undefined): readonly (readonly [number, Watermark])[] {
  return mark ? [[lane, mark]] : [];
}
