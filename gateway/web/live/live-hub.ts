/** Everybody who looks on: one socket a page, pictures only of what is visible, news as they happen. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { LiveSize } from "../../analysis/live-view.ts";
import { version } from "../../runtime/version.ts";
import { sees, type Visitor } from "../access.ts";
import type { ConfigState } from "../api.ts";
import { boxHealthOf } from "../box/box-health.ts";
import { camerasOf, told } from "../camera-view.ts";
import { configStateOf } from "../config-state.ts";
import type { Desk, DeskNews } from "../desk.ts";
import { EncodedFrame } from "./encoded-frame.ts";
import { LiveClient } from "./live-client.ts";

/** A site has a handful of screens. */
const maxClients = 24;
/** Of one user: the other half is for others. */
const maxOfUser = 12;
const statusMs = 1_000;
const boxMs = 5_000;
const staleMs = 3_000;

/** What the hub asks of the page's server. */
export interface HubOptions {
  readonly desk: Desk;
  /** Who carries this token by now; null when the session is over. */
  readonly visitor: (token: string) => Promise<Visitor | null>;
}

/** One for each desk. */
export class LiveHub implements Disposable {
  readonly #options: HubOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 16 * 1024, perMessageDeflate: false });
  readonly #clients = new Set<LiveClient>();
  readonly #stops: (() => void)[] = [];
  readonly #watched = new Map<string, string>();
  readonly #newestMs = new Map<string, number>();
  readonly #pulse: NodeJS.Timeout;
  #beats = 0;

  constructor(options: HubOptions) {
    this.#options = options;
    const { desk } = options;
    this.#stops.push(
      desk.onNews((news) => this.#news(news)),
      desk.store.onChanged((by) => this.#configured(by)),
    );
    this.#pulse = setInterval(() => void this.#beat(), statusMs);
    this.#pulse.unref();
  }

  /** How many look on. */
  get clientCount(): number {
    return this.#clients.size;
  }

  /** Takes over a connection whose visitor, host and origin were checked. */
  open(request: IncomingMessage, socket: Duplex, head: Buffer, visitor: Visitor): void {
    const own = [...this.#clients].filter((client) => client.visitor.user === visitor.user);
    if (this.#clients.size >= maxClients || own.length >= maxOfUser) {
      socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#welcome(opened, visitor));
  }

  #welcome(socket: WebSocket, visitor: Visitor): void {
    const { desk } = this.#options;
    const client = new LiveClient(socket, visitor, {
      onWatch: () => this.#watch(),
      onEditing: () => this.#tellEditors(),
    });
    this.#clients.add(client);
    socket.on("close", () => {
      this.#clients.delete(client);
      this.#watch();
      if (client.editing) this.#tellEditors();
    });
    const nowMs = desk.status().nowMs;
    client.say({ kind: "hello", nowMs, version, config: this.#configFor(visitor) });
    client.say({ kind: "status", nowMs, cameras: told(visitor, camerasOf(desk)) });
    this.#tellEditors();
    // The page shows times in the site's zone and what became of events: it must not guess until the next beat.
    void boxHealthOf(desk).then((box) => client.say({ kind: "box", box }));
  }

  /** What all want together: each size once, at the rate of the fastest. */
  #watch(): void {
    const wanted = new Map<string, { readonly sizes: Set<LiveSize>; everyMs: number }>();
    for (const client of this.#clients) {
      for (const [id, { size, everyMs }] of client.watched) {
        const known = wanted.get(id);
        known?.sizes.add(size);
        if (known) known.everyMs = Math.min(known.everyMs, everyMs);
        else wanted.set(id, { sizes: new Set([size]), everyMs });
      }
    }
    for (const id of new Set([...wanted.keys(), ...this.#watched.keys()])) {
      const { sizes = new Set<LiveSize>(), everyMs = 0 } = wanted.get(id) ?? {};
      const key = `${[...sizes].sort().join(",")} ${everyMs}`;
      if (this.#watched.get(id) === key) continue;
      if (sizes.size === 0) this.#watched.delete(id);
      else this.#watched.set(id, key);
      this.#options.desk.watch(id, [...sizes], everyMs);
    }
  }

  /** Cameras that start anew know nothing of who looks. */
  renew(): void {
    this.#watched.clear();
    this.#watch();
  }

  #news(news: DeskNews): void {
    switch (news.kind) {
      case "live": {
        const frame = new EncodedFrame(news.frame);
        this.#newestMs.set(frame.cameraId, frame.atMs);
        for (const client of this.#clients) client.offer(frame);
        return;
      }
      case "recorded": {
        const { occurrenceId: occurrence, cameraId: camera, eventType: type, phase, severity } = news.trigger;
        const id = this.#options.desk.archive?.idOf(occurrence) ?? occurrence;
        for (const client of this.#clients)
          if (sees(client.visitor, camera))
            client.say({ kind: "event", id, occurrence, camera, type, phase, severity });
        return;
      }
      case "acknowledged":
        for (const client of this.#clients) client.say(news);
        return;
      case "log":
        for (const client of this.#clients) if (client.wantsLogs) client.say(news);
        return;
    }
  }

  #configured(by: string | null): void {
    for (const client of this.#clients) client.say({ kind: "config", config: this.#configFor(client.visitor), by });
    this.renew();
  }

  /** A screen hears no more of it than somebody who sees no camera. */
  #configFor(visitor: Visitor): ConfigState {
    const state = this.#options.desk.store.state();
    return configStateOf(state, visitor.kind === "screen" ? { cameras: [] } : visitor);
  }

  #tellEditors(): void {
    for (const client of this.#clients) {
      const editors = [...this.#clients].flatMap(({ editing, visitor }, index, all) =>
        editing === null || all[index] === client || !sees(client.visitor, editing.camera)
          ? []
          : [{ user: visitor.user, ...editing }],
      );
      client.say({ kind: "editors", editors });
    }
  }

  async #beat(): Promise<void> {
    if (this.#clients.size === 0) return;
    const { desk } = this.#options;
    this.#beats += 1;
    const { nowMs } = desk.status();
    const cameras = camerasOf(desk);
    const box = this.#beats % (boxMs / statusMs) === 0 ? await boxHealthOf(desk) : null;
    for (const client of [...this.#clients]) {
      const visitor = await this.#options.visitor(client.visitor.token);
      if (visitor === null) {
        client.say({ kind: "bye" });
        client.close(4401);
        continue;
      }
      client.become(visitor);
      client.say({ kind: "status", nowMs, cameras: told(visitor, cameras) });
      if (box) client.say({ kind: "box", box });
      for (const id of client.watched.keys()) {
        const lastMs = this.#newestMs.get(id) ?? null;
        if (lastMs === null || nowMs - lastMs > staleMs) client.say({ kind: "stale", cam: id, lastMs });
      }
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#pulse);
    for (const stop of this.#stops) stop();
    for (const client of this.#clients) client.close(1001);
    for (const id of this.#watched.keys()) this.#options.desk.watch(id, [], 0);
    this.#sockets.close();
  }
}
