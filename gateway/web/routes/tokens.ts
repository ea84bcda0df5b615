/** Tokens of programs and links of screens: made, listed, taken back, opened. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { WebError } from "../../runtime/errors.ts";
import type { StoredToken } from "../access-tokens.ts";
import type { AccessToken, IssuedToken } from "../api.ts";
import { roleSchema, userCamerasSchema, userNameSchema } from "../password-file.ts";
import { qrPath } from "../qr-path.ts";
import type { Web } from "../server.ts";
import { parsed, type Api } from "./api.ts";
import { screenCookieOf, tokenOf } from "./door.ts";
import { sessionOf } from "./session.ts";

const newTokenSchema = z.strictObject({
  name: userNameSchema,
  kind: z.enum(["api", "screen"]),
  role: roleSchema.default("viewer"),
  cameras: userCamerasSchema.nullable().default(null),
});
const openedSchema = z.strictObject({ secret: z.string().max(64) });
const path = "/tokens";
const common = { role: "admin", peopleOnly: true } as const;

/** Adds the routes. */
export function addTokens({ add, web }: Api): void {
  const { tokens } = web.access;
  add({
    ...{ ...common, method: "GET", path },
    answer: (): readonly AccessToken[] => tokens.all.map((one) => toldOf(one, one.lastSeenMs)),
  });
  add({
    ...{ ...common, method: "POST", path },
    answer: async ({ request, visitor }): Promise<IssuedToken> => {
      const { name, kind, role: asked, cameras } = parsed(newTokenSchema, request.body);
      const role = kind === "screen" ? "viewer" : asked;
      const added = await tokens.add({ name, kind, role, cameras, by: visitor.user });
      if (!added) throw new WebError(409, "WEB_USER_EXISTS", { user: name });
      const detail = { about: name, kind, role };
      web.options.security?.note({ act: "token-added", user: visitor.user, address: request.ip, detail });
      const { token, secret } = added;
      const link = kind === "screen" ? `${originOf(web, request)}/#/screen/${secret}` : null;
      return { token: toldOf(token, null), secret, link, qr: link === null ? null : qrPath(link) };
    },
  });
  add({
    ...{ ...common, method: "DELETE", path: `${path}/:id` },
    answer: async ({ request, visitor }) => {
      const { id } = request.params as { id: string };
      const gone = await tokens.remove(id);
      if (!gone) throw new WebError(404, "WEB_UNKNOWN", { what: id.slice(0, 32) });
      const detail = { about: gone.name, kind: gone.kind, role: gone.role };
      web.options.security?.note({ act: "token-removed", user: visitor.user, address: request.ip, detail });
      return undefined;
    },
  });
}

/** Adds the door of screens. The secret stands behind the `#` of their link: no server and no log gets to see that. */
export function addScreens(api: Api): void {
  const { app, web } = api;
  const { access, options, isSecure } = web;
  app.post("/session/screen", async (request, reply) => {
    const { secret } = parsed(openedSchema, request.body);
    const visitor = access.tokens.visitor("screen", secret);
    if (!visitor) throw new WebError(404, "WEB_LINK_UNKNOWN");
    access.end(tokenOf(request)); // Whoever was logged in here is so no longer.
    options.security?.note({ act: "screen-opened", user: visitor.user, address: request.ip });
    reply.header("set-cookie", screenCookieOf(secret, isSecure));
    return sessionOf(api, request, secret);
  });
}

/** The page's address as this visitor has it. */
export function originOf({ isSecure }: Web, { headers }: FastifyRequest): string {
  return `${isSecure ? "https" : "http"}://${headers.host ?? ""}`;
}

function toldOf(stored: StoredToken, lastSeenMs: number | null): AccessToken {
  const { id, name, kind, role, cameras = null, createdMs, createdBy } = stored;
  return { id, name, kind, role, cameras, createdMs, createdBy, lastSeenMs };
}
