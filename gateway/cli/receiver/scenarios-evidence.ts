/** Pictures and clips: resumed after a cut, whole only when the digest says so. */
import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Header } from "../../delivery/uplink/protocol/messages.ts";
import { must, session, type World } from "./world.ts";
import type { Probe } from "./probe.ts";

const chunk = 32_768;

interface Blob {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

function blobOf(size: number): Blob {
  const bytes = randomBytes(size);
  return { sha256: createHash("sha256").update(bytes).digest("hex"), bytes };
}

async function offered(probe: Probe, { sha256, bytes }: Blob): Promise<Header<"WANT"> | null> {
  const header = { sha256, size: bytes.length, type: "image/jpeg", ev: "check", kind: "snapshot" } as const;
  probe.send({ kind: "OFFER", header });
  return (await probe.next(["WANT"]))?.header ?? null;
}

/** Sends from `off` until `stopAt`; the last word. */
async function sent(probe: Probe, blob: Blob, off: number, stopAt = blob.bytes.length): Promise<Header<"BACK"> | null> {
  let last: Header<"BACK"> | null = null;
  for (let at = off; at < stopAt; at += chunk) {
    const payload = blob.bytes.subarray(at, Math.min(at + chunk, stopAt));
    probe.send({ kind: "DATA", header: { sha256: blob.sha256, off: at, crc32: crc32(payload) }, payload });
    last = (await probe.next(["BACK"]))?.header ?? null;
    if (!last || last.bad === true) return last;
  }
  return last;
}

/** A picture in one go; offered again it is known. */
export async function wholePicture(world: World): Promise<void> {
  await using open = await session(world, { sock: "B" });
  const { probe } = open;
  const blob = blobOf(200_000);
  const want = await offered(probe, blob);
  must(want?.off === 0 && want.have !== true, "an unknown picture is not asked for from its beginning");
  must((await sent(probe, blob, 0))?.done === true, "a whole picture with the right digest is not confirmed");
  must((await offered(probe, blob))?.have === true, "a picture that is there is asked for again");
}

/** The line is cut in the middle: the rest is enough. */
export async function resumedPicture(world: World): Promise<void> {
  const blob = blobOf(300_000);
  {
    await using open = await session(world, { sock: "B" });
    const { probe } = open;
    await offered(probe, blob);
    await sent(probe, blob, 0, 5 * chunk);
  }
  if (world.neighbour) await world.neighbour.restart();
  await using open = await session(world, { sock: "B" });
  const { probe } = open;
  const want = await offered(probe, blob);
  must(
    want !== null && want.off >= 4 * chunk,
    `asked for again from ${want?.off ?? 0}, ${5 * chunk} octets were confirmed`,
  );
  must((await sent(probe, blob, want?.off ?? 0))?.done === true, "the rest of a picture does not complete it");
}

/** Octets that do not fit the digest are never kept as evidence. */
export async function forgedPicture(world: World): Promise<void> {
  await using open = await session(world, { sock: "B" });
  const { probe } = open;
  const blob = { ...blobOf(50_000), sha256: blobOf(1).sha256 };
  await offered(probe, blob);
  const back = await sent(probe, blob, 0);
  must(back?.bad === true, "a picture that is not what its digest says is confirmed");
  must((await offered(probe, blob))?.have !== true, "a forged picture is kept");
}

/** Eight megabytes: credit bounds what is on the way. */
export async function hugePicture(world: World): Promise<void> {
  await using open = await session(world, { sock: "B" });
  const { probe } = open;
  const blob = blobOf(8 * 1_048_576);
  must((await offered(probe, blob)) !== null, "8 MiB of evidence are not answered");
  must((await sent(probe, blob, 0))?.done === true, "8 MiB of evidence do not arrive");
}
