/** Cameras that can be found, and what streams they offer: only what a technician typed, and what answered on the local link. */
import { z } from "zod";
import { discover, type Answered, type DiscoveryTrouble, type Tried } from "../../analysis/capture/onvif/discover.ts";
import { addressesIn } from "../../analysis/capture/onvif/range.ts";
import { onvifStreams } from "../../analysis/capture/onvif/streams.ts";
import { WebError } from "../../runtime/errors.ts";
import { sayTrouble } from "../../analysis/capture/onvif/say-trouble.ts";
import type { Both, Discovered, FoundStream } from "../api.ts";
import { brandOf } from "../brands.ts";
import { parsed, type Api } from "./api.ts";
import { stream } from "./camera-test.ts";

const discoverySchema = z.strictObject({ cidr: z.string().max(40).optional() });
const host = z
  .string()
  .max(253)
  .regex(/^(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/);
const streamsSchema = z.strictObject({
  host,
  service: z
    .url({ protocol: /^https?$/ })
    .max(256)
    .optional(),
  user: z.string().max(256).optional(),
  password: z.string().max(256).optional(),
});

/** Adds the routes. */
export function addDiscovery({ add, web }: Api): void {
  let isLooking = false;
  add({
    method: "POST",
    path: "/discovery",
    role: "technician",
    answer: async ({ request, reply }) => {
      const { cidr } = parsed(discoverySchema, request.body ?? {});
      web.desk(); // Not before the box runs.
      if (cidr !== undefined) addressesIn(cidr); // What is wrong with it is told before the answer begins.
      if (isLooking) throw new WebError(503, "WEB_BUSY");
      isLooking = true;
      const gone = new AbortController();
      reply.raw.on("close", () => gone.abort());
      try {
        await stream(reply, async (tell) => {
          await discover((found) => tell(told(found)), { range: cidr, signal: gone.signal });
          return null;
        });
      } finally {
        isLooking = false;
      }
      return reply;
    },
  });
  add({
    method: "POST",
    path: "/cameras/streams",
    role: "technician",
    answer: async ({ request, reply }): Promise<readonly FoundStream[]> => {
      const { host, service, user, password } = parsed(streamsSchema, request.body);
      web.desk();
      const address = service ?? `http://${host}/onvif/device_service`;
      if (new URL(address).hostname !== new URL(`http://${host}`).hostname)
        throw new WebError(400, "WEB_BODY", { detail: "service" });
      const gone = new AbortController();
      reply.raw.on("close", () => gone.abort());
      const credentials = user === undefined || user === "" ? null : { user, password: password ?? "" };
      return onvifStreams({ service: address, credentials, signal: gone.signal });
    },
  });
}

function told(found: Tried | Answered): Discovered {
  if (found.kind === "device") return { ...found, brand: brandOf(`${found.name ?? ""} ${found.model ?? ""}`) };
  return { kind: "tried", interface: found.interface, address: found.address, note: noteOf(found.trouble) };
}

function noteOf(trouble: DiscoveryTrouble | null): Both | null {
  return trouble && { zh: sayTrouble("zh", trouble), en: sayTrouble("en", trouble) };
}
