/** `/api/v1`: who may ask, how a change proves that it comes from our page, how refusals are told. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { timingSafeEqual } from "node:crypto";
import type { z } from "zod";
import { GatewayError, WebError } from "../../runtime/errors.ts";
import type { Visitor } from "../access.ts";
import type { Role } from "../password-file.ts";
import { problemOf, statusOf } from "../problem.ts";
import type { Web } from "../server.ts";
import { csrfOf } from "../sessions.ts";
import { bearerOf, tokenOf } from "./door.ts";
import { addBox } from "./box.ts";
import { addCameras } from "./cameras.ts";
import { addCertificate } from "./certificate.ts";
import { addConfig } from "./config.ts";
import { addDiscovery } from "./discovery.ts";
import { addEvents } from "./events.ts";
import { addMeasures } from "./measures.ts";
import { addRehearsal } from "./rehearsal.ts";
import { addReruns } from "./reruns.ts";
import { addThumbnails } from "./thumbnails.ts";
import { addScreens, addTokens } from "./tokens.ts";
import { addRules } from "./rules.ts";
import { addSession } from "./session.ts";
import { addSetup } from "./setup.ts";
import { addSupport } from "./support.ts";
import { addWalks } from "./walks.ts";

/** Rules of sixty zones; config texts have a limit of their own. */
const maxJsonBytes = 256 * 1024;

const rank: Readonly<Record<Role, number>> = { viewer: 0, technician: 1, admin: 2 };

/** What a route gets. */
export interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly visitor: Visitor;
}

/** One address of the API. What `answer` returns is sent as JSON; undefined: 204; a reply: it sent by itself. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** Least role. */
  readonly role: Role;
  /** No program may, whatever its token's role: people and tokens are people's. */
  readonly peopleOnly?: true;
  readonly bodyLimit?: number;
  readonly answer: (asked: Asked) => unknown;
}

/** The scope in which routes are added. */
export interface Api {
  readonly app: FastifyInstance;
  readonly web: Web;
  /** Adds an address that only visitors of the role reach. */
  readonly add: (route: Route) => void;
}

/** Adds everything below `/api/v1`. */
export function addApi(web: Web): void {
  void web.app.register(
    (app, _, done) => {
      app.addContentTypeParser(
        "application/json",
        { parseAs: "string", bodyLimit: maxJsonBytes },
        (_request, body, parsed) => {
          try {
            parsed(null, body === "" ? undefined : JSON.parse(body as string));
          } catch {
            parsed(new WebError(400, "WEB_BODY", { detail: "JSON" }));
          }
        },
      );
      app.setErrorHandler((error, request, reply) => refuse(web, error, request, reply));
      app.setNotFoundHandler((_request, reply) => tell(reply, new WebError(404, "WEB_UNKNOWN", { what: "API" })));
      addRoutes({ app, web, add: (route) => addRoute(app, web, route) });
      done();
    },
    { prefix: "/api/v1" },
  );
}

/** Every address of the API. */
export function addRoutes(api: Api): void {
  addSession(api);
  addBox(api);
  addCertificate(api);
  addCameras(api);
  addDiscovery(api);
  addRules(api);
  addMeasures(api);
  addEvents(api);
  addConfig(api);
  addRehearsal(api);
  addReruns(api);
  addThumbnails(api);
  addSetup(api);
  addSupport(api);
  addTokens(api);
  addScreens(api);
  addWalks(api);
}

function addRoute(app: FastifyInstance, web: Web, route: Route): void {
  app.route({
    method: route.method,
    url: route.path,
    ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
    // Before the body is read: a stranger cannot make the box parse anything.
    onRequest: async (request) => {
      await admitted(web, request, route);
    },
    handler: async (request, reply) => {
      const visitor = await admitted(web, request, route);
      const answer = await route.answer({ request, reply, visitor });
      // Waited for, a reply is nothing once it has ended: a player that leaves half way must not get a second one.
      if (reply.raw.headersSent) return undefined;
      if (answer === undefined) return reply.code(204).send();
      return answer;
    },
  });
}

/** The visitor, if there is one with this role who sent the proof that goes with a change. */
async function admitted({ access }: Web, request: FastifyRequest, { role, peopleOnly }: Route): Promise<Visitor> {
  // A browser sends this header by itself for nobody: what carries it needs no further proof.
  const secret = bearerOf(request.headers.authorization);
  const visitor = secret === undefined ? await access.onlooker(tokenOf(request)) : access.tokens.visitor("api", secret);
  if (!visitor) throw new WebError(401, "WEB_SIGNED_OUT");
  const { kind } = visitor;
  if (kind === "screen" || (kind === "api" && peopleOnly)) throw new WebError(403, "WEB_TOKEN_LIMIT");
  if (kind !== "api" && request.method !== "GET" && !csrfFits(request, visitor.token))
    throw new WebError(403, "WEB_FORGERY");
  if (rank[visitor.role] < rank[role]) throw new WebError(403, "WEB_ROLE", { role });
  return visitor;
}

/** Whether a change carries the value that only our own page could read. */
export function csrfFits(request: FastifyRequest, token: string): boolean {
  const expected = Buffer.from(csrfOf(token));
  const given = Buffer.from(String(request.headers["x-csrf-token"] ?? ""));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Parses what came from outside. @throws WebError WEB_BODY naming the first key that does not fit */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new WebError(400, "WEB_BODY", { detail: `${issue?.path.join(".") ?? ""} ${issue?.code ?? ""}`.trim() });
}

/** The revision that a change is based on. @throws WebError WEB_IF_MATCH */
export function ifMatch(request: FastifyRequest): string {
  const revision = /^(?:W\/)?"([\w.-]{1,64})"$/.exec(request.headers["if-match"] ?? "")?.[1];
  if (revision === undefined) throw new WebError(428, "WEB_IF_MATCH");
  return revision;
}

/** Sends a refusal. */
export function tell(reply: FastifyReply, error: GatewayError): FastifyReply {
  const problem = problemOf(error);
  if (problem.waitSec !== undefined) reply.header("retry-after", problem.waitSec);
  return reply.code(statusOf(error)).type("application/json; charset=utf-8").send(JSON.stringify(problem));
}

function refuse({ options }: Web, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof GatewayError) return tell(reply, error);
  const code = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (code === 413) return tell(reply, new WebError(413, "WEB_TOO_LARGE", { limitKiB: maxJsonBytes / 1024 }));
  if (code >= 400 && code < 500) return tell(reply, new WebError(code, "WEB_BODY", { detail: String(code) }));
  options.log?.error({ path: request.routeOptions.url ?? "" }, "page api", error);
  return tell(reply, new WebError(500, "WEB_FAILED"));
}
