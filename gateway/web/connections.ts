/** Connections are shared among addresses: whoever opens them without end keeps nobody else out. */
import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Of one address: a browser opens six, and a few sockets; a whole wall of screens behind one address still has room. */
const maxOfAddress = 40;

/** Closes at once what an address opens beyond its share. */
export function shareConnections(server: Server): void {
  const counts = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    socket.once("close", () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left === 0) counts.delete(address);
      else counts.set(address, left);
    });
    if (count > maxOfAddress) socket.destroy();
  });
}
