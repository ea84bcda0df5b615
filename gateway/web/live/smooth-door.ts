/** The smooth view over its own socket: `/api/v1/smooth?camera=ID`, MPEG-1 in a transport stream, as binary messages. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { sees, type Visitor } from "../access.ts";
import type { SmoothViews } from "../smooth-view.ts";

/** Close codes of the socket: the session ended; no such camera for this visitor; as many look on as the box can bear; the camera went. */
const codes = { signedOut: 4401, unknown: 4404, full: 4503, ended: 4410 } as const;
/** How often it is asked whether this visitor may still look. */
const againMs = 2_000;

/** Somebody at the door. */
export interface SmoothVisit {
  readonly visitor: Visitor;
  /** Who carries the visitor's token by now; null when the session is over. */
  readonly again: () => Promise<Visitor | null>;
}

/** Takes over connections whose visitor, host and origin were checked. */
export class SmoothDoor {
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 1_024, perMessageDeflate: false });

  open(views: SmoothViews, visit: SmoothVisit, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const camera = new URL(request.url ?? "/", "http://box").searchParams.get("camera") ?? "";
    this.#sockets.handleUpgrade(request, socket, head, (opened) => serve(views, visit, camera, opened));
  }
}

function serve(views: SmoothViews, { visitor, again }: SmoothVisit, camera: string, socket: WebSocket): void {
  if (!sees(visitor, camera)) {
    socket.close(codes.unknown);
    return;
  }
  const viewer = views.open(camera, {
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send: (bytes) => {
      if (socket.readyState === socket.OPEN) socket.send(bytes);
    },
    ended: (code) => {
      socket.close(codes.ended, code ?? "");
    },
  });
  if (viewer === "unknown" || viewer === "full") {
    socket.close(codes[viewer]);
    return;
  }
  const pulse = setInterval(() => {
    void again().then((now) => {
      if (now === null) socket.close(codes.signedOut);
      else if (!sees(now, camera)) socket.close(codes.unknown);
    });
  }, againMs);
  pulse.unref();
  socket.on("close", () => {
    clearInterval(pulse);
    viewer.close();
  });
  socket.on("error", () => {
    socket.terminate();
  }); // The page went away: nobody is left to tell.
}
