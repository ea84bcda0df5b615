/** A real platform for a test box: receives, acknowledges, and tells what came. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Receiver, type ReceivedEvent } from "../../../../platform/receiver.ts";
import { ensureKeys, enrolment } from "../../../delivery/uplink/keys.ts";
import type { BoxWishes } from "./box.ts";

/** What a test sees of it. */
export interface TestPlatform extends AsyncDisposable {
  readonly received: readonly ReceivedEvent[];
  /** For `openBox`: the box is enrolled there and sends to it. */
  readonly uplinks: NonNullable<BoxWishes["uplinks"]>;
}

/** Opens it on a free port of loopback. */
export async function openPlatform(): Promise<TestPlatform> {
  const folder = await mkdtemp(join(tmpdir(), "xueliang-platform-"));
  const received: ReceivedEvent[] = [];
  const listen = { listen: "tcp://127.0.0.1:0", folder, language: "en" } as const;
  const receiver = await Receiver.open({ ...listen, onEvent: (event) => void received.push(event) });
  return {
    received,
    uplinks: async (storage) => {
      await receiver.enrol(enrolment("box-1", await ensureKeys(storage)));
      return [{ id: "city", address: receiver.address, serverKey: receiver.serverKey }];
    },
    [Symbol.asyncDispose]: async () => {
      await receiver[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
