/** Tokens of programs and links of screens: made, listed, taken back, opened. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { WebError } from "../../runtime/errors.ts";
import { say } from "../../runtime/texts/say.ts";
import type { StoredToken } from "../access-tokens.ts";
import type { AccessToken, IssuedToken } from "../api.ts";
import { roleSchema, userCamerasSchema, userNameSchema } from "../password-file.ts";
import { qrPath } from "../qr-path.ts";
import type { Web } from "../server.ts";
import { parsed, type Api } from "./api.ts";
import { languageFor, screenCookieOf } from "./door.ts";

const newTokenSchema = z.strictObject({
  name: userNameSchema,
  kind: z.enum(["api", "screen"]),
  role: roleSchema.default("viewer"),
  cameras: userCamerasSchema.nullable().default(null),
});
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
      const link = kind === "screen" ? `${originOf(web, request)}/screen/${secret}` : null;
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

/** Adds the address that a screen opens: its secret becomes a cookie, and is in no address from then on. */
export function addScreens(web: Web): void {
  const { app, access, options, isSecure } = web;
  app.get("/screen/:secret", (request: FastifyRequest<{ Params: { secret: string } }>, reply): FastifyReply => {
    const { secret } = request.params;
    const visitor = access.tokens.visitor("screen", secret);
    if (!visitor) {
      const text = say(languageFor(request, options.language), "screenUnknown");
      return reply.code(404).type("text/plain; charset=utf-8").send(text);
    }
    options.security?.note({ act: "screen-opened", user: visitor.user, address: request.ip });
    return reply.header("set-cookie", screenCookieOf(secret, isSecure)).redirect("/", 303);
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
