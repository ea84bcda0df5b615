/** The smooth view over its own socket: `/api/v1/smooth?camera=ID`, MPEG-1 in a transport stream, as binary messages. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { SmoothViews } from "../smooth-view.ts";

/** Close codes of the socket: no such camera; as many look on as the box can bear; the camera went. */
const codes = { unknown: 4404, full: 4503, ended: 4410 } as const;

/** Takes over connections whose visitor, host and origin were checked. */
export class SmoothDoor {
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 1_024, perMessageDeflate: false });

  open(views: SmoothViews, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const camera = new URL(request.url ?? "/", "http://box").searchParams.get("camera") ?? "";
    this.#sockets.handleUpgrade(request, socket, head, (opened) => serve(views, camera, opened));
  }
}

function serve(views: SmoothViews, camera: string, socket: WebSocket): void {
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
  socket.on("close", () => {
    viewer.close();
  });
  socket.on("error", () => {
    socket.terminate();
  }); // The page went away: nobody is left to tell.
}
