/** The one HTTP server: who may in, what is served, what is refused. */
import { hostname } from "node:os";
import { Server as TlsServer } from "node:tls";
import fastify, { type FastifyInstance } from "fastify";
import type { Clock } from "../runtime/clock.ts";
import { CommandError, WebError } from "../runtime/errors.ts";
import type { Log } from "../runtime/log.ts";
import type { GatewayStatus } from "../runtime/status.ts";
import type { Language } from "../runtime/texts/fill.ts";
import { say } from "../runtime/texts/say.ts";
import { Access } from "./access.ts";
import type { SecurityLog } from "../runtime/security-log.ts";
import { openMetricsToken } from "./metrics-token.ts";
import { PageCertificate, type TlsFiles } from "./tls.ts";
import { shareConnections } from "./connections.ts";
import { cookiesOf, hostIsOurs, originIsOurs, pageLanguage } from "./requests.ts";
import { LiveHub } from "./live/live-hub.ts";
import { upgrade } from "./live/upgrade.ts";
import { addPage } from "./routes/bundle.ts";
import type { Desk } from "./desk.ts";
import { addApi } from "./routes/api.ts";
import { addDoor } from "./routes/door.ts";
import { addDocs } from "./routes/docs.ts";
import { addAuthority } from "./routes/certificate.ts";
import { addStatus } from "./routes/status.ts";

/** What the page needs from outside. */
export interface WebOptions {
  /** `address:port`; port 0 takes a free one. */
  readonly listen: string;
  /** The storage folder: password and metrics token lie there. */
  readonly folder: string;
  readonly status: () => GatewayStatus;
  /** Language of visitors who name none. */
  readonly language: Language;
  readonly clock: Clock;
  /** The newest picture of a camera as JPEG; null when there is none. */
  readonly snapshot?: (cameraId: string) => Promise<Uint8Array | null>;
  /** Names besides addresses, localhost and this machine's name under which the page may be opened. */
  readonly trustedHosts?: readonly string[];
  readonly log?: Log;
  /** The folder of the built page; without it the plain status page stands at `/`. */
  readonly pageFolder?: string;
  /** HTTPS with these files, or with the box's own certificate; plain HTTP when left out. */
  readonly tls?: TlsFiles | undefined;
  /** Where relative names of files start; the storage folder when left out. */
  readonly root?: string;
  /** The first config of a box that has none. */
  readonly setUp?: SetUp;
  /** How the box's clock is set; the system's `date` when left out. */
  readonly setClock?: (wallMs: number) => Promise<void>;
  /** Users and sessions, where they are open already. */
  readonly access?: Access;
  /** Where it is noted who came, who was not let in, and who changed the users. */
  readonly security?: SecurityLog;
}

/** How a box without a config gets its first. */
export interface SetUp {
  /** True until `finish` was called. */
  readonly needsSite: () => boolean;
  readonly suggestedId: string;
  /** Writes the config and starts the box with it; what it throws is told to the wizard. */
  readonly finish: (site: {
    readonly id?: string | undefined;
    readonly name: string;
    readonly timezone?: string | undefined;
    readonly language?: Language | undefined;
  }) => Promise<void>;
}

/** What routes share. */
export interface Web {
  /** The box behind the API. @throws WebError WEB_NOT_NOW while there is none */
  readonly desk: () => Desk;
  readonly hub: () => LiveHub | null;
  /** Whether a Host header names this box. */
  readonly isTrusted: (host: string | undefined) => boolean;
  readonly app: FastifyInstance;
  readonly access: Access;
  readonly options: WebOptions;
  readonly metricsToken: string;
  /** Whether visitors come over TLS. */
  readonly isSecure: boolean;
  /** What they are shown; null: plain HTTP. */
  readonly certificate: PageCertificate | null;
}

/** A form is far smaller; nothing larger is read. */
const maxBodyBytes = 8 * 1024;
const maxConnections = 128;
/** A request whose head takes longer is a dawdler's, and is looked for as often. */
const headMs = 5_000;
const patience = { headersTimeout: headMs, connectionsCheckingInterval: headMs };
/** How often the certificate is looked at. */
const renewMs = 3_600_000;
/** How long a server that is replaced still answers. */
const formerMs = 2_000;

/** Nothing runs or loads that does not come from this box; no frame, no form to elsewhere. */
const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // Not "no-referrer": with it browsers send `Origin: null` with our own forms, which then look like a stranger's.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
} as const;

/** Listens until disposed. */
export class WebServer implements AsyncDisposable {
  readonly #options: WebOptions;
  readonly #access: Access;
  readonly #behind: Behind = { desk: null, hub: null };
  readonly #closing = new AbortController();
  #keeping: Promise<void> = Promise.resolve();
  #web: Web | null = null;
  #address = "";

  private constructor(options: WebOptions, access: Access) {
    this.#options = options;
    this.#access = access;
  }

  /** @throws CommandError WEB_ADDRESS, WEB_FILE */
  static async open(options: WebOptions): Promise<WebServer> {
    const server = new WebServer(
      options,
      options.access ?? (await Access.open(options.folder, options.clock, options.security)),
    );
    await server.listen({ listen: options.listen, tls: options.tls });
    server.#keeping = server.#keepCertificate();
    return server;
  }

  /**
   * Listens there from now on; what listened before ends a moment later, so that its last answer gets out.
   * @throws CommandError WEB_ADDRESS; then the former address goes on
   */
  async listen({ listen, tls }: { readonly listen: string; readonly tls?: TlsFiles | undefined }): Promise<void> {
    const former = this.#web;
    const web = await buildWeb({ ...withTls(this.#options, tls), listen, access: this.#access }, this.#behind);
    const colon = listen.lastIndexOf(":");
    const host = listen.slice(0, colon).replace(/^\[|\]$/g, "");
    try {
      const address = await web.app.listen({ host, port: Number(listen.slice(colon + 1)) });
      web.app.server.maxConnections = maxConnections;
      shareConnections(web.app.server);
      web.app.server.on("upgrade", (request, socket, head) => void upgrade(web, request, socket, head));
      this.#address = `${address}/`;
    } catch (cause) {
      await web.app.close();
      const detail = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
      throw new CommandError("WEB_ADDRESS", { address: listen, detail }, { cause });
    }
    this.#web = web;
    if (former) setTimeout(() => void former.app.close(), formerMs).unref();
  }

  /** A certificate that is renewed meanwhile is shown from then on; until it can be read, the former is. */
  async #keepCertificate(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      await this.#options.clock.sleep(renewMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      const { app, certificate } = this.#web ?? {};
      try {
        const pair = await certificate?.renewed();
        if (pair && app?.server instanceof TlsServer) app.server.setSecureContext({ cert: pair.cert, key: pair.key });
      } catch (error) {
        this.#options.log?.warn({}, "certificate", error);
      }
    }
  }

  /** Lends the API the box behind it. */
  attach(desk: Desk): void {
    this.#behind.hub?.[Symbol.dispose]();
    this.#behind.desk = desk;
    this.#behind.hub = new LiveHub({ desk, visitor: (token) => this.#access.onlooker(token) });
  }

  /** `http://127.0.0.1:8420/` */
  get address(): string {
    return this.#address;
  }

  /** The one-time code that sets the first password; null once there is one, or when it has expired. */
  get setupCode(): string | null {
    return this.#access.code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#behind.hub?.[Symbol.dispose]();
    this.#behind.hub = null;
    this.#closing.abort();
    await this.#keeping;
    await this.#web?.app.close();
  }
}

function withTls(options: WebOptions, tls: TlsFiles | undefined): WebOptions {
  return { ...options, tls };
}

/** What is lent later than the server is built. */
interface Behind {
  desk: Desk | null;
  hub: LiveHub | null;
}

/** Everything but the listening, for tests that inject requests. */
export async function buildWeb(options: WebOptions, behind: Behind = { desk: null, hub: null }): Promise<Web> {
  const { tls, folder, root = folder } = options;
  const certificate = tls ? await PageCertificate.open(tls, folder, root) : null;
  const https = certificate && { cert: certificate.pair.cert, key: certificate.pair.key, ...patience };
  const app = fastify({
    ...(https ? { https } : { http: patience }),
    logger: false,
    bodyLimit: maxBodyBytes,
    requestTimeout: 10_000,
    connectionTimeout: 20_000,
    keepAliveTimeout: 20_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 64 },
  });
  const access = options.access ?? (await Access.open(options.folder, options.clock, options.security));
  const names = [hostname(), `${hostname()}.local`, ...(options.trustedHosts ?? [])];
  const isTrusted = (host: string | undefined): boolean => hostIsOurs(host, names);
  const desk = (): Desk => {
    if (!behind.desk) throw new WebError(503, "WEB_NOT_NOW", { detail: "set-up" });
    return behind.desk;
  };
  const web = {
    app,
    access,
    options,
    desk,
    hub: () => behind.hub,
    isTrusted,
    metricsToken: await openMetricsToken(options.folder),
    isSecure: certificate !== null,
    certificate,
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) => {
    done(null, new URLSearchParams(body as string));
  });
  guard(web);
  addDoor(web);
  addStatus(web);
  addDocs(web);
  addAuthority(web);
  addApi(web);
  if (options.pageFolder !== undefined) await addPage(web, options.pageFolder);
  return web;
}

/** What holds for every request, before and after its route. */
function guard({ app, options, isTrusted }: Web): void {
  app.addHook("onRequest", async (request, reply) => {
    const { host, origin, cookie } = request.headers;
    const language = pageLanguage(
      cookiesOf(cookie)["xueliang_language"],
      request.headers["accept-language"],
      options.language,
    );
    if (!isTrusted(host)) return reply.code(421).type("text/plain; charset=utf-8").send(say(language, "refusedHost"));
    const site = request.headers["sec-fetch-site"];
    if (
      request.method !== "GET" &&
      request.method !== "HEAD" &&
      !originIsOurs({ host, origin, site: [site].flat()[0] })
    ) {
      return reply.code(403).type("text/plain; charset=utf-8").send(say(language, "loginForm"));
    }
    return undefined;
  });
  app.addHook("onSend", async (_, reply) => {
    reply.headers(headers);
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).type("text/plain; charset=utf-8").send(say(options.language, "notFound")),
  );
  app.setErrorHandler((error, _, reply) => {
    const status =
      error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
    if (status >= 500) options.log?.error({}, "status page", error);
    return reply.code(status).type("text/plain; charset=utf-8").send(String(status));
  });
}
