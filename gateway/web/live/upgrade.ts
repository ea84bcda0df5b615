/** The door of the one WebSocket: host, origin, session; everything else is shut before a byte is read. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { cookiesOf } from "../requests.ts";
import type { Web } from "../server.ts";

const path = "/api/v1/live";

/** Hands a connection to the hub, or refuses it. */
export async function upgrade(web: Web, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  socket.on("error", () => socket.destroy()); // The page went away: nobody is left to tell.
  const refuse = (status: string): void => void socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  if (request.url?.split("?")[0] !== path) return refuse("404 Not Found");
  if (!web.isTrusted(request.headers.host)) return refuse("421 Misdirected Request");
  // A browser always names the origin of a socket; whatever names none is no page and has no need of this one.
  const { origin, host } = request.headers;
  if (origin !== `${web.isSecure ? "https" : "http"}://${host ?? ""}`) return refuse("403 Forbidden");
  const visitor = await web.access.visitor(cookiesOf(request.headers.cookie)["xueliang_session"]);
  if (!visitor) return refuse("401 Unauthorized");
  const hub = web.hub();
  if (!hub) return refuse("503 Service Unavailable");
  hub.open(request, socket, head, visitor);
}
