/** The staged test of a connection: each stage is told as it begins and ends. */
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { WebError } from "../../runtime/errors.ts";
import type { Visitor } from "../access.ts";
import type { CameraAddress } from "../api.ts";
import { addressSchema, urlOf } from "../brands.ts";
import { testConnection, type Trial } from "../box/connection-test.ts";
import type { Desk } from "../desk.ts";
import { parsed, type Api } from "./api.ts";
import { known } from "./rules.ts";

const requestSchema = z.union([
  z.strictObject({ camera: z.string().max(32) }),
  z.strictObject({
    address: addressSchema,
    user: z.string().max(256).optional(),
    password: z.string().max(256).optional(),
  }),
]);
/** Each test opens a connection and a decoder. */
const maxTests = 2;

/** Adds the route. */
export function addCameraTest({ add, web }: Api): void {
  let running = 0;
  add({
    method: "POST",
    path: "/cameras/test",
    role: "technician",
    answer: async ({ request, reply, visitor }) => {
      const trial = trialOf(web.desk(), visitor, parsed(requestSchema, request.body));
      if (running >= maxTests) throw new WebError(503, "WEB_BUSY");
      running += 1;
      const gone = new AbortController();
      reply.raw.on("close", () => gone.abort());
      try {
        await stream(reply, (tell) => testConnection(trial, tell, gone.signal));
      } finally {
        running -= 1;
      }
      return reply;
    },
  });
}

function trialOf(desk: Desk, visitor: Visitor, asked: z.output<typeof requestSchema>): Trial {
  const { gateway, credentials } = desk.store.running;
  const shared = { ffmpegPath: gateway.ffmpeg.path };
  if ("camera" in asked) {
    const id = known(desk, asked.camera, visitor);
    const camera = gateway.cameras.find((one) => one.id === id);
    if (!camera) throw new WebError(404, "WEB_UNKNOWN", { what: id });
    return { ...shared, camera, credentials: credentials[id] ?? null };
  }
  const { user, password } = asked;
  const url = urlOf(asked.address as CameraAddress);
  const login = user === undefined || user === "" ? null : { user, password: password ?? "" };
  return { ...shared, camera: { url }, credentials: login };
}

/** Lines of JSON, each sent at once. */
export async function stream(
  reply: FastifyReply,
  run: (tell: (line: object) => void) => Promise<object | null>,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  raw.writeHead(200, {
    ...Object.fromEntries(headers),
    "content-type": "application/x-ndjson; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  const tell = (line: object): void => void raw.write(`${JSON.stringify(line)}\n`);
  const result = await run(tell).catch(() => null);
  if (result) tell(result);
  raw.end();
}
