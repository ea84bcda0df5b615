/** What a logged-in visitor sees, what a scraper reads, and the three files of the page. */
import { readFile } from "node:fs/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { GatewayStatus } from "../../runtime/status.ts";
import type { Visitor } from "../access.ts";
import { seen } from "../camera-view.ts";
import { metricsText } from "../metrics.ts";
import { bearerFits } from "../metrics-token.ts";
import type { Web } from "../server.ts";
import { statusFragment, statusPage, type StatusPageParts } from "../status-page.ts";
import { bearerOf, formField, languageFor, tokenOf } from "./door.ts";

const assets = {
  "page.css": "text/css; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
  "icon.svg": "image/svg+xml",
} as const;

/** Adds the routes. */
export function addStatus({ app, access, options, metricsToken }: Web): void {
  const partsFor = (request: FastifyRequest, reply: FastifyReply): StatusPageParts => ({
    language: languageFor(request, options.language),
    token: formField(request, reply),
    pictures: options.snapshot !== undefined,
  });
  const statusFor = (visitor: Visitor): GatewayStatus => {
    const status = options.status();
    return { ...status, cameras: seen(visitor, status.cameras) };
  };
  const html = (reply: FastifyReply, text: string): FastifyReply => reply.type("text/html; charset=utf-8").send(text);

  // The page of the bundle takes the front door; this one needs no script.
  app.get(options.pageFolder === undefined ? "/" : "/status", async (request, reply) => {
    const visitor = await access.visitor(tokenOf(request));
    if (!visitor) return reply.redirect("/login", 303);
    return html(reply, statusPage(statusFor(visitor), partsFor(request, reply)).text);
  });

  app.get("/fragment", async (request, reply) => {
    const visitor = await access.visitor(tokenOf(request));
    if (!visitor) return reply.code(401).send();
    return html(reply, statusFragment(statusFor(visitor), partsFor(request, reply)).text);
  });

  app.get<{ Params: { id: string } }>("/cameras/:id/picture.jpg", async (request, reply) => {
    const visitor = await access.visitor(tokenOf(request));
    if (!visitor) return reply.code(401).send();
    // Only ids that the status knows, and that this visitor may know of, reach the cameras.
    const known = statusFor(visitor).cameras.find(({ id }) => id === request.params.id);
    const picture = known && (await options.snapshot?.(known.id));
    if (!picture) return reply.code(404).send();
    return reply.type("image/jpeg").header("cache-control", "private, max-age=10").send(Buffer.from(picture));
  });

  app.get("/metrics", async (request, reply) => {
    // Figures of every camera: a visitor who sees only some has no use of them.
    const visitor = await access.visitor(tokenOf(request));
    const program = access.tokens.visitor("api", bearerOf(request.headers.authorization));
    const admitted =
      bearerFits(request.headers.authorization, metricsToken) || visitor?.cameras === null || program?.cameras === null;
    if (!admitted) return reply.code(401).header("www-authenticate", "Bearer").send();
    return reply.type("text/plain; version=0.0.4; charset=utf-8").send(metricsText(options.status()));
  });

  // Alive or not is all that a stranger learns.
  app.get("/healthz", async (_, reply) => {
    const running = options.status().process === "running";
    return reply
      .code(running ? 200 : 503)
      .type("text/plain; charset=utf-8")
      .send(running ? "ok\n" : "not running\n");
  });

  for (const [name, type] of Object.entries(assets)) {
    const path = new URL(`../assets/${name}`, import.meta.url);
    app.get(`/assets/${name}`, async (_, reply) =>
      reply
        .type(type)
        .header("cache-control", "public, max-age=300")
        .send(await readFile(path)),
    );
  }
}
