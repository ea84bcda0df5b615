/** In and out: login, first password, logout, the language switch. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Language } from "../../runtime/texts/fill.ts";
import { say } from "../../runtime/texts/say.ts";
import type { Admission } from "../admission.ts";
import { formFits, formNonce, formToken } from "../forms.ts";
import { loginPage, setUpPage } from "../login-page.ts";
import { cookiesOf, pageLanguage } from "../requests.ts";
import type { Web } from "../server.ts";

const sessionCookie = "xueliang_session";
const formCookie = "xueliang_form";
const languageCookie = "xueliang_language";
const strict = "Path=/; HttpOnly; SameSite=Strict";

/** The cookie that carries a session; null: no longer. Over TLS it never travels in the clear. */
export function sessionCookieOf(token: string | null, isSecure: boolean): string {
  return `${sessionCookie}=${token ?? ""}; ${strict}${isSecure ? "; Secure" : ""}${token === null ? "; Max-Age=0" : ""}`;
}

/** The same for a screen, which must outlive every power cut: as long as browsers keep one, 400 days after its last use. */
export function screenCookieOf(token: string, isSecure: boolean): string {
  return `${sessionCookieOf(token, isSecure)}; Max-Age=34560000`;
}

/** The session token a request carries. */
export function tokenOf(request: FastifyRequest): string | undefined {
  return cookiesOf(request.headers.cookie)[sessionCookie];
}

/** What an Authorization header carries. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer (\S{1,128})$/.exec(authorization ?? "")?.[1];
}

/** The visitor's language. */
export function languageFor(request: FastifyRequest, site: Language): Language {
  return pageLanguage(cookiesOf(request.headers.cookie)[languageCookie], request.headers["accept-language"], site);
}

/** The form field that fits the visitor's form cookie, which is set when there is none. */
export function formField(request: FastifyRequest, reply: FastifyReply): string {
  const known = cookiesOf(request.headers.cookie)[formCookie];
  const nonce = known !== undefined && /^[\w-]{22}$/.test(known) ? known : formNonce();
  if (nonce !== known) addCookie(reply, `${formCookie}=${nonce}; ${strict}`);
  return formToken(nonce);
}

/** Adds the routes. */
export function addDoor({ app, access, options, isSecure }: Web): void {
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    code: number,
    problem: string | null,
  ): Promise<FastifyReply> => {
    const parts = { language: languageFor(request, options.language), token: formField(request, reply), problem };
    const html = (await access.needsPassword()) ? setUpPage(parts) : loginPage(parts);
    return reply.code(code).type("text/html; charset=utf-8").send(html.text);
  };
  const answer = (
    request: FastifyRequest,
    reply: FastifyReply,
    admission: Admission,
  ): Promise<FastifyReply> | FastifyReply => {
    if (admission.kind === "in") {
      access.end(tokenOf(request)); // Whoever has its old token has nothing.
      addCookie(reply, sessionCookieOf(admission.token, isSecure));
      return reply.redirect(options.pageFolder === undefined ? "/" : "/status", 303);
    }
    const { status, text } = refusal(admission, languageFor(request, options.language), request.url === "/setup");
    if (admission.kind === "locked") reply.header("retry-after", Math.ceil(admission.waitMs / 1_000));
    return show(request, reply, status, text);
  };

  app.get("/login", async (request, reply) =>
    (await access.admits(tokenOf(request))) ? reply.redirect("/", 303) : show(request, reply, 200, null),
  );

  app.post("/login", async (request, reply) => {
    const fields = fieldsOf(request);
    if (fields === null) return show(request, reply, 403, say(languageFor(request, options.language), "loginForm"));
    return answer(
      request,
      reply,
      await access.login(request.ip, fields.get("password") ?? "", fields.get("username") ?? undefined),
    );
  });

  app.post("/setup", async (request, reply) => {
    const fields = fieldsOf(request);
    const language = languageFor(request, options.language);
    if (fields === null) return show(request, reply, 403, say(language, "loginForm"));
    const password = fields.get("password") ?? "";
    if (password !== fields.get("again")) return show(request, reply, 400, say(language, "passwordDiffers"));
    return answer(request, reply, await access.setUp(request.ip, fields.get("code") ?? "", password));
  });

  app.post("/logout", async (request, reply) => {
    if (fieldsOf(request) === null) return reply.redirect("/", 303);
    access.end(tokenOf(request));
    addCookie(reply, sessionCookieOf(null, isSecure));
    return reply.redirect("/login", 303);
  });

  app.get<{ Params: { language: string }; Querystring: { to?: string } }>(
    "/language/:language",
    async (request, reply) => {
      const language = request.params.language === "en" ? "en" : "zh";
      addCookie(reply, `${languageCookie}=${language}; ${strict}; Max-Age=31536000`);
      // Only our own pages: a free address here would let others use the switch to lead visitors elsewhere.
      const to = request.query.to ?? "/";
      return reply.redirect(/^\/(?:login|docs(?:\/[a-z-]+)?)$/.test(to) ? to : "/", 303);
    },
  );
}

/** The fields of a form that our own page sent; null otherwise. */
function fieldsOf(request: FastifyRequest): URLSearchParams | null {
  if (!(request.body instanceof URLSearchParams)) return null;
  const nonce = cookiesOf(request.headers.cookie)[formCookie];
  return formFits(nonce, request.body.get("form") ?? undefined) ? request.body : null;
}

function refusal(
  admission: Exclude<Admission, { kind: "in" }>,
  language: Language,
  setUp: boolean,
): { status: number; text: string } {
  switch (admission.kind) {
    case "locked":
      return { status: 429, text: say(language, "loginLocked", { seconds: Math.ceil(admission.waitMs / 1_000) }) };
    case "busy":
      return { status: 503, text: say(language, "loginBusy") };
    case "expired":
      return { status: 403, text: say(language, "setupExpired") };
    case "short":
      return { status: 400, text: say(language, "passwordShort") };
    case "wrong":
      return { status: 403, text: say(language, setUp ? "setupWrong" : "loginWrong") };
  }
}

function addCookie(reply: FastifyReply, cookie: string): void {
  reply.header("set-cookie", cookie); // Fastify gathers several set-cookie headers instead of replacing.
}
