/** The first minutes of a box: the one-time code, the first password, the first config. */
import { z } from "zod";
import { WebError } from "../../runtime/errors.ts";
import type { SetupState } from "../api.ts";
import { userNameSchema } from "../password-file.ts";
import { parsed, csrfFits, type Api } from "./api.ts";
import { tokenOf } from "./door.ts";
import { entered, refusal, sessionOf } from "./session.ts";

const codeSchema = z.strictObject({ code: z.string().max(32) });
const finishSchema = z.strictObject({
  user: userNameSchema.optional(),
  password: z.string().max(1_024),
  site: z
    .strictObject({
      id: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/)
        .optional(),
      name: z.string().min(1).max(64),
      timezone: z.string().max(64).optional(),
      language: z.enum(["zh", "en"]).optional(),
    })
    .optional(),
});

/** Adds the routes. */
export function addSetup(api: Api): void {
  const { app, web } = api;
  const { access, options } = web;

  app.post("/setup/code", async (request, reply) => {
    const admission = await access.redeem(request.ip, parsed(codeSchema, request.body).code);
    if (admission.kind !== "in") throw refusal(admission, "WEB_CODE_WRONG");
    return entered(api, request, reply, admission);
  });

  app.get("/setup", async (request): Promise<SetupState> => {
    if (!(await access.mayNameFirst(tokenOf(request)))) throw new WebError(401, "WEB_SIGNED_OUT");
    const { setUp } = options;
    return {
      needs: ["password", ...(setUp?.needsSite() === true ? (["site"] as const) : [])],
      suggested: {
        siteId: setUp?.suggestedId ?? "",
        siteName: "",
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        language: options.language,
      },
      boxMs: Date.now(),
    };
  });

  app.post("/setup/finish", async (request, reply) => {
    const token = tokenOf(request);
    if (token === undefined || !(await access.mayNameFirst(token))) throw new WebError(401, "WEB_SIGNED_OUT");
    if (!csrfFits(request, token)) throw new WebError(403, "WEB_FORGERY");
    const { user, password, site } = parsed(finishSchema, request.body);
    const needsSite = options.setUp?.needsSite() === true;
    if (needsSite && !site) throw new WebError(400, "WEB_BODY", { detail: "site" });
    // The config first: with a password and no config a restart would ask for neither.
    if (needsSite && site) await options.setUp.finish(site);
    const admission = await access.nameFirst(token, password, user);
    if (admission.kind !== "in") throw refusal(admission);
    await entered(api, request, reply, admission);
    return sessionOf(api, request, admission.token);
  });
}
