/** In, out, and who else may: session, passwords, users, the one-time code. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { WebError } from "../../runtime/errors.ts";
import type { SecurityAct, SecurityFact } from "../../runtime/security-log.ts";
import { version } from "../../runtime/version.ts";
import type { Admission, UserChange } from "../admission.ts";
import type { SessionAnswer, User } from "../api.ts";
import {
  maxPasswordLength,
  minPasswordLength,
  roleSchema,
  userCamerasSchema,
  userNameSchema,
} from "../password-file.ts";
import { csrfOf } from "../sessions.ts";
import type { Web } from "../server.ts";
import { csrfFits, parsed, type Api, type Asked } from "./api.ts";
import { screenCookieOf, sessionCookieOf, tokenOf } from "./door.ts";

const password = z.string().max(1_024);
const loginSchema = z.strictObject({ user: z.string().max(64).optional(), password });
const changeSchema = z.strictObject({ old: password, new: password });
const cameras = userCamerasSchema.nullable().optional();
const newUserSchema = z.strictObject({ name: userNameSchema, role: roleSchema, password, cameras });
const userChangeSchema = z.strictObject({ role: roleSchema.optional(), password: password.optional(), cameras });

/** Adds the routes. */
export function addSession(api: Api): void {
  const { app, web } = api;
  const { access } = web;

  app.get("/session", async (request, reply) => {
    const token = tokenOf(request);
    const answer = await sessionOf(api, request, token);
    if (answer.isScreen && token !== undefined) reply.header("set-cookie", screenCookieOf(token, web.isSecure));
    return answer;
  });

  app.post("/session", async (request, reply) => {
    const { user, password: given } = parsed(loginSchema, request.body);
    const admission = await access.login(request.ip, given, user);
    if (admission.kind === "in") access.end(tokenOf(request)); // Whoever has its old token has nothing.
    return entered(api, request, reply, admission);
  });

  app.delete("/session", async (request, reply) => {
    const token = tokenOf(request);
    if (token !== undefined && !csrfFits(request, token)) throw new WebError(403, "WEB_FORGERY");
    const visitor = await access.visitor(token);
    access.end(token);
    if (visitor) web.options.security?.note({ act: "logout", user: visitor.user, address: request.ip });
    return reply.header("set-cookie", sessionCookieOf(null, web.isSecure)).code(204).send();
  });

  api.add({
    method: "PUT",
    path: "/session/password",
    role: "viewer",
    peopleOnly: true,
    answer: async ({ request, reply, visitor }) => {
      const change = parsed(changeSchema, request.body);
      const admission = await access.login(request.ip, change.old, visitor.user);
      if (admission.kind !== "in") throw refusal(admission);
      access.end(admission.token);
      told(await access.changeUser(visitor.user, { password: change.new }), visitor.user);
      noteUser(web, "user-changed", { request, visitor }, { about: visitor.user, password: true });
      // A new password ends every session of this user; this one goes on under a new token.
      const again = await access.login(request.ip, change.new, visitor.user);
      if (again.kind === "in") reply.header("set-cookie", sessionCookieOf(again.token, web.isSecure));
      return undefined;
    },
  });
  addUsers(api);
}

function addUsers({ add, web }: Api): void {
  const { access } = web;
  const everybody = async (): Promise<readonly User[]> =>
    (await access.users()).map((user) => ({ ...user, cameras: user.cameras ?? null }));
  const named = async (name: string): Promise<User> => {
    const user = (await everybody()).find((one) => one.name === name);
    if (!user) throw new WebError(404, "WEB_UNKNOWN", { what: name.slice(0, 32) });
    return user;
  };
  add({ method: "GET", path: "/users", role: "admin", peopleOnly: true, answer: everybody });
  add({
    method: "POST",
    path: "/users",
    role: "admin",
    peopleOnly: true,
    answer: async ({ request, visitor }) => {
      const user = parsed(newUserSchema, request.body);
      told(await access.addUser(user.name, user.role, user.password, user.cameras), user.name);
      noteUser(web, "user-added", { request, visitor }, { about: user.name, role: user.role });
      return named(user.name);
    },
  });
  add({
    method: "PATCH",
    path: "/users/:name",
    role: "admin",
    peopleOnly: true,
    answer: async ({ request, visitor }) => {
      const { name } = request.params as { name: string };
      const change = parsed(userChangeSchema, request.body);
      told(await access.changeUser(name, change), name);
      const { role = null, cameras: seen } = change;
      const about = { about: name, role, password: change.password !== undefined, cameras: seen !== undefined };
      noteUser(web, "user-changed", { request, visitor }, about);
      return named(name);
    },
  });
  add({
    method: "DELETE",
    path: "/users/:name",
    role: "admin",
    peopleOnly: true,
    answer: async ({ request, visitor }) => {
      const { name } = request.params as { name: string };
      told(await access.removeUser(name), name);
      noteUser(web, "user-removed", { request, visitor }, { about: name });
      return undefined;
    },
  });
}

/** A record of who changed whom; passwords themselves are never in it. */
function noteUser(
  { options }: Web,
  act: SecurityAct,
  { request, visitor }: Pick<Asked, "request" | "visitor">,
  detail: SecurityFact["detail"] & object,
): void {
  options.security?.note({ act, user: visitor.user, address: request.ip, detail });
}

/** Who is there, as far as this browser may know. */
export async function sessionOf(
  { web: { access, options } }: Api,
  request: FastifyRequest,
  token: string | undefined,
): Promise<SessionAnswer> {
  const needsPassword = await access.needsPassword();
  const visitor = needsPassword ? null : await access.onlooker(token);
  const isScreen = visitor?.kind === "screen";
  const codeRedeemed = needsPassword && (await access.mayNameFirst(token));
  const isIn = visitor !== null || codeRedeemed;
  return {
    state: needsPassword ? "set-up" : visitor ? "in" : "login",
    user: visitor?.user ?? null,
    role: visitor?.role ?? null,
    isScreen,
    csrf: isIn && !isScreen && token !== undefined ? csrfOf(token) : null,
    language: options.language,
    lockedMs: access.lockedMs(request.ip),
    codeRedeemed,
    version,
  };
}

/** Sets the cookie and tells who is there now. @throws WebError why not */
export async function entered(
  api: Api,
  request: FastifyRequest,
  reply: FastifyReply,
  admission: Admission,
): Promise<SessionAnswer> {
  if (admission.kind !== "in") throw refusal(admission);
  reply.header("set-cookie", sessionCookieOf(admission.token, api.web.isSecure));
  return sessionOf(api, request, admission.token);
}

/** Why somebody may not in. */
export function refusal(
  admission: Exclude<Admission, { kind: "in" }>,
  wrong: "WEB_LOGIN_WRONG" | "WEB_CODE_WRONG" = "WEB_LOGIN_WRONG",
): WebError {
  switch (admission.kind) {
    case "wrong":
      return new WebError(403, wrong);
    case "expired":
      return new WebError(403, "WEB_CODE_EXPIRED");
    case "short":
      return new WebError(400, "WEB_PASSWORD_SHORT", { min: minPasswordLength, max: maxPasswordLength });
    case "busy":
      return new WebError(503, "WEB_BUSY");
    case "locked":
      return new WebError(429, "WEB_LOCKED", { seconds: Math.ceil(admission.waitMs / 1_000) });
  }
}

function told(change: UserChange, user: string): void {
  switch (change) {
    case "done":
      return;
    case "short":
      throw new WebError(400, "WEB_PASSWORD_SHORT", { min: minPasswordLength, max: maxPasswordLength });
    case "exists":
      throw new WebError(409, "WEB_USER_EXISTS", { user });
    case "last-admin":
      throw new WebError(409, "WEB_LAST_ADMIN", { user });
    case "unknown":
      throw new WebError(404, "WEB_UNKNOWN", { what: user.slice(0, 32) });
  }
}
