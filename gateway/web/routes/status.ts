/** What a logged-in visitor sees, what a scraper reads, and the three files of the page. */
import { readFile } from "node:fs/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { metricsText } from "../metrics.ts";
import { bearerFits, type Web } from "../server.ts";
import { statusFragment, statusPage, type StatusPageParts } from "../status-page.ts";
import { formField, languageFor, tokenOf } from "./door.ts";

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
  const html = (reply: FastifyReply, text: string): FastifyReply => reply.type("text/html; charset=utf-8").send(text);

  // The page of the bundle takes the front door; this one needs no script.
  app.get(options.pageFolder === undefined ? "/" : "/status", async (request, reply) => {
    if (!(await access.admits(tokenOf(request)))) return reply.redirect("/login", 303);
    return html(reply, statusPage(options.status(), partsFor(request, reply)).text);
  });

  app.get("/fragment", async (request, reply) => {
    if (!(await access.admits(tokenOf(request)))) return reply.code(401).send();
    return html(reply, statusFragment(options.status(), partsFor(request, reply)).text);
  });

  app.get<{ Params: { id: string } }>("/cameras/:id/picture.jpg", async (request, reply) => {
    if (!(await access.admits(tokenOf(request)))) return reply.code(401).send();
    // Only ids that the status knows reach the cameras.
    const known = options.status().cameras.find(({ id }) => id === request.params.id);
    const picture = known && (await options.snapshot?.(known.id));
    if (!picture) return reply.code(404).send();
    return reply.type("image/jpeg").header("cache-control", "private, max-age=10").send(Buffer.from(picture));
  });

  app.get("/metrics", async (request, reply) => {
    const admitted = bearerFits(request.headers.authorization, metricsToken) || (await access.admits(tokenOf(request)));
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
