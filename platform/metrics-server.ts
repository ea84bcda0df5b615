/** `GET /metrics` for Prometheus, for those who know the token only. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { GatewayError } from "../gateway/runtime/errors.ts";
import { writeWhole } from "../gateway/runtime/whole-file.ts";

/** Where the numbers are served. */
export interface MetricsOptions {
  /** `host:port` or `[v6]:port`. */
  readonly listen: string;
  /** Holds `metrics-token`, made (mode 0600) at the first start. */
  readonly folder: string;
  readonly text: () => string;
}

/** A listening server; closed by dispose. */
export class MetricsServer implements AsyncDisposable {
  readonly #server: Server;
  readonly port: number;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Throws GatewayError RECEIVER_LISTEN. */
  static async open({ listen, folder, text }: MetricsOptions): Promise<MetricsServer> {
    const wanted = digest(await tokenIn(folder));
    const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
      const [, said = ""] = /^Bearer (\S{1,128})$/.exec(request.headers.authorization ?? "") ?? [];
      // Digests are equally long, so that the comparison takes equally long.
      if (!timingSafeEqual(digest(said), wanted)) {
        response.writeHead(401, { "www-authenticate": "Bearer", connection: "close" }).end();
        return;
      }
      const found = request.method === "GET" && request.url === "/metrics";
      response
        .writeHead(found ? 200 : 404, { "content-type": "text/plain; version=0.0.4; charset=utf-8" })
        .end(found ? text() : "");
    });
    server.maxConnections = 32;
    const [, host = "", port = ""] = /^\[?([^\]]*)\]?:(\d+)$/.exec(listen) ?? [];
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        reject(new GatewayError("RECEIVER_LISTEN", { address: listen, detail: error.code ?? "" }, { cause: error }));
      });
      server.listen(Number(port), host, resolve);
    });
    return new MetricsServer(server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

async function tokenIn(folder: string): Promise<string> {
  const path = join(folder, "metrics-token");
  if (!existsSync(path)) await writeWhole(path, Buffer.from(`${randomBytes(24).toString("base64url")}\n`));
  return readFileSync(path, "utf8").trim();
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
