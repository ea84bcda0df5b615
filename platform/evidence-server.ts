/** Evidence for people: `GET /evidence/SHA256?reason=…`, camera by camera, each look written down before it is given. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { readEvent, originOf } from "../gateway/delivery/uplink/protocol/read-event.ts";
import { GatewayError } from "../gateway/runtime/errors.ts";
import { systemClock } from "../gateway/runtime/clock.ts";
import { writeWhole } from "../gateway/runtime/whole-file.ts";
import type { Access } from "./access-log.ts";
import { ChainedLog } from "./chained-log.ts";
import type { KeptEvidence, Sink } from "./sink.ts";

const viewerSchema = z.object({
  name: z.string().min(1).max(64),
  tokenSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** `gateway/camera`, `gateway/*` or `*`. */
  cameras: z.array(z.string().max(128)).max(4_096),
});
const fileSchema = z.object({ schema: z.literal("xueliang.viewers/1"), viewers: z.array(viewerSchema) });
type Viewer = z.output<typeof viewerSchema>;

const fileName = "viewers.json";
const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

function viewersIn(folder: string): readonly Viewer[] {
  const path = join(folder, fileName);
  if (!existsSync(path)) return [];
  const read = fileSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!read.success) throw new GatewayError("KEYS_UNREADABLE", { path, detail: "its content is no list of viewers" });
  return read.data.viewers;
}

/** Lets a person see evidence of `cameras`; replaces who had the name. Returns the token, which is kept nowhere. */
export async function addViewer(folder: string, name: string, cameras: readonly string[]): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  const others = viewersIn(folder).filter((viewer) => viewer.name !== name);
  const viewers = [...others, viewerSchema.parse({ name, tokenSha256: digest(token), cameras })];
  const file = { schema: "xueliang.viewers/1", viewers };
  await writeWhole(join(folder, fileName), Buffer.from(`${JSON.stringify(file, null, 2)}\n`));
  return token;
}

/** Listens until disposed. */
export class EvidenceServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #folder: string;
  readonly #sink: Sink;
  readonly log: ChainedLog<Access>;

  private constructor(server: Server, folder: string, sink: Sink, log: ChainedLog<Access>) {
    this.#server = server;
    this.#folder = folder;
    this.#sink = sink;
    this.log = log;
  }

  /** @param listen `host:port`. Throws GatewayError RECEIVER_LISTEN, KEYS_UNREADABLE. */
  static async open(listen: string, folder: string, sink: Sink): Promise<EvidenceServer> {
    viewersIn(folder);
    const server = createServer({ requestTimeout: 10_000 });
    server.maxConnections = 256;
    const opened = new EvidenceServer(
      server,
      folder,
      sink,
      await ChainedLog.open<Access>(join(folder, "evidence-access.jsonl")),
    );
    server.on("request", (request, response) => {
      opened.#answer(request, response).catch(() => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    const [, host = "", port = ""] = /^\[?([^\]]*)\]?:(\d+)$/.exec(listen) ?? [];
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        reject(new GatewayError("RECEIVER_LISTEN", { address: listen, detail: error.code ?? "" }, { cause: error }));
      });
      server.listen(Number(port), host, resolve);
    });
    return opened;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://platform");
    const [, sha256] = /^\/evidence\/([0-9a-f]{64})$/.exec(url.pathname) ?? [];
    if (request.method !== "GET" || sha256 === undefined) {
      refuse(response, 404);
      return;
    }
    const viewer = this.#viewerOf(request.headers.authorization ?? "");
    const kept = viewer ? await this.#sink.evidence(sha256) : null;
    const camera = kept ? await this.#cameraOf(kept) : "";
    const reason = (url.searchParams.get("reason") ?? "").slice(0, 200);
    const may = viewer !== null && kept !== null && mayLook(viewer, camera);
    const there = may && (await stat(kept.path).catch(() => null)) !== null;
    const outcome: Access["outcome"] = there ? "shown" : viewer && (!kept || may) ? "unknown" : "refused";
    await this.log.append({ atMs: systemClock.nowMs(), viewer: viewer?.name ?? "", sha256, camera, outcome, reason });
    // The same answer for what is not here and what is not for this viewer: nobody learns what there is.
    if (!viewer || !kept || outcome !== "shown") {
      refuse(response, viewer ? 404 : 401);
      return;
    }
    response.writeHead(200, {
      "content-type": kept.mediaType,
      "content-length": kept.bytes,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-disposition": "attachment",
    });
    await pipeline(createReadStream(kept.path), response);
  }

  #viewerOf(authorization: string): Viewer | null {
    const [, token = ""] = /^Bearer (\S{1,128})$/.exec(authorization) ?? [];
    const said = Buffer.from(digest(token));
    // Read anew each time: who loses the right loses it now.
    return viewersIn(this.#folder).find(({ tokenSha256 }) => timingSafeEqual(Buffer.from(tokenSha256), said)) ?? null;
  }

  /** By the event that the evidence proves, not by what a viewer says. */
  async #cameraOf({ eventId }: KeptEvidence): Promise<string> {
    const stored = await this.#sink.event(eventId);
    const event = stored ? readEvent(stored.body, () => true) : null;
    return event && "id" in event ? `${originOf(event)}/${event.data.camera?.id ?? ""}` : "";
  }
}

function mayLook({ cameras }: Viewer, camera: string): boolean {
  if (camera === "") return cameras.includes("*");
  const [gw = ""] = camera.split("/");
  return cameras.includes("*") || cameras.includes(camera) || cameras.includes(`${gw}/*`);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, status === 401 ? { "www-authenticate": "Bearer" } : {}).end();
}
