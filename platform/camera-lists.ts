/** The newest list of cameras of every box, out of the events in which they told it. */
import { z } from "zod";
import type { PlatformSink } from "./sink.ts";

const messageSchema = z.looseObject({
  source: z.string(),
  time: z.string(),
  data: z.looseObject({
    site: z.looseObject({ id: z.string(), name: z.string() }),
    detail: z.looseObject({
      revision: z.string(),
      part: z.int().min(1),
      parts: z.int().min(1).max(64),
      cameras: z.array(z.looseObject({ id: z.string() })).max(64),
    }),
  }),
});

/** One box's list. */
export interface BoxCameras {
  readonly gw: string;
  readonly name: string;
  /** When the box told it. */
  readonly time: string;
  readonly revision: string;
  readonly cameras: readonly Readonly<Record<string, unknown>>[];
}

interface Coming extends Omit<BoxCameras, "cameras"> {
  readonly parts: (BoxCameras["cameras"] | undefined)[];
}

/** Lists that came whole, by the box that made them; of one whose newest list is still on its way the one before. */
export async function cameraLists(sink: Pick<PlatformSink, "cameraLists">): Promise<readonly BoxCameras[]> {
  const whole = new Map<string, BoxCameras>();
  const coming = new Map<string, Coming>();
  for await (const { body } of sink.cameraLists()) {
    const read = messageSchema.safeParse(JSON.parse(Buffer.from(body).toString("utf8")));
    if (!read.success) continue; // Of another version: what it cannot say is not guessed.
    const { source, time, data } = read.data;
    const { revision, part, parts, cameras } = data.detail;
    const gw = source.slice("/gateways/".length);
    const known = coming.get(gw);
    // A list that is told again begins anew with its first part.
    const list: Coming =
      known?.revision === revision && part !== 1
        ? known
        : { gw, name: data.site.name, time, revision, parts: Array.from({ length: parts }) };
    coming.set(gw, list);
    list.parts[part - 1] = cameras;
    const got = list.parts.filter((one) => one !== undefined);
    if (got.length === list.parts.length) whole.set(gw, { gw, name: list.name, time, revision, cameras: got.flat() });
  }
  return [...whole.values()].sort((a, b) => (a.gw < b.gw ? -1 : 1));
}
