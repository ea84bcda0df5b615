/** A TCP port that nobody listens on at this moment. */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/** On 127.0.0.1. Another program may take it before it is used: callers try again. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
