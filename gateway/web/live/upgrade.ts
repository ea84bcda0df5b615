/** The door of the WebSockets: host, origin, session; everything else is shut before a byte is read. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Visitor } from "../access.ts";
import { cookiesOf } from "../requests.ts";
import type { Web } from "../server.ts";
import { SmoothDoor } from "./smooth-door.ts";

const live = "/api/v1/live";
const smooth = "/api/v1/smooth";
const smoothDoor = new SmoothDoor();

/** Hands a connection to the hub or to the smooth view, or refuses it. */
export async function upgrade(web: Web, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  socket.on("error", () => socket.destroy()); // The page went away: nobody is left to tell.
  const visitor = await admitted(web, request);
  const hub = web.hub();
  const views = pathOf(request) === smooth && hub ? web.desk().smooth : null;
  if (typeof visitor === "string") refuse(socket, visitor);
  else if (pathOf(request) === smooth && views) {
    const again = (): Promise<Visitor | null> => web.access.visitor(visitor.token);
    smoothDoor.open(views, { visitor, again }, request, socket, head);
  } else if (pathOf(request) === live && hub) hub.open(request, socket, head, visitor);
  else refuse(socket, "503 Service Unavailable");
}

/** Who comes, or with which status they go. */
async function admitted(web: Web, request: IncomingMessage): Promise<Visitor | string> {
  const { origin, host, cookie } = request.headers;
  if (![live, smooth].includes(pathOf(request))) return "404 Not Found";
  if (!web.isTrusted(host)) return "421 Misdirected Request";
  // A browser always names the origin of a socket; whatever names none is no page and has no need of this one.
  if (origin !== `${web.isSecure ? "https" : "http"}://${host ?? ""}`) return "403 Forbidden";
  const visitor = await web.access.onlooker(cookiesOf(cookie)["xueliang_session"]);
  // A smooth view costs a decoder and a coder: a screen on a wall would have one day and night.
  if (visitor?.kind === "screen" && pathOf(request) === smooth) return "403 Forbidden";
  return visitor ?? "401 Unauthorized";
}

function pathOf({ url = "" }: IncomingMessage): string {
  return url.split("?")[0] ?? "";
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}
