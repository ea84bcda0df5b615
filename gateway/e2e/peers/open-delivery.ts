/** A delivery on a folder, as the composition root opens it, for tests of the durable half. */
import { join } from "node:path";
import { gatewaySchema, type CameraConfig } from "../../config/schema.ts";
import { Database } from "../../database/database.ts";
import { Delivery, type DeliveryOptions } from "../../delivery/delivery.ts";
import { systemClock } from "../../runtime/clock.ts";

/** Where to send, and what differs from a plain box. */
export interface OpenOptions {
  readonly folder: string;
  readonly address: string;
  readonly serverKey: string;
  readonly gw?: string;
  readonly evidenceMegabytes?: number;
  /** The camera `pier`, where it is to be more than a name. */
  readonly camera?: CameraConfig;
  readonly footage?: DeliveryOptions["footage"];
  readonly signer?: DeliveryOptions["signer"];
  /** Other uplinks than the one to `address`; other parts of gateway.yaml. */
  readonly uplinks?: readonly object[];
  readonly more?: object;
  readonly typeInfo?: DeliveryOptions["typeInfo"];
  readonly log?: DeliveryOptions["log"];
  readonly health?: DeliveryOptions["health"];
  readonly clock?: DeliveryOptions["clock"];
}

/** Delivery and its database, closed together. */
export async function openDelivery(
  options: OpenOptions,
): Promise<AsyncDisposable & { readonly delivery: Delivery; readonly database: Database }> {
  const { folder, address, serverKey, gw = "box-1", evidenceMegabytes = 64 } = options;
  const database = await Database.open(join(folder, "gateway.db"));
  const delivery = await Delivery.open({
    config: gatewaySchema.parse({
      schema: "xueliang.gateway/1",
      site: { id: gw, name: "测试" },
      storage: { evidenceMegabytes },
      uplinks: options.uplinks ?? [{ id: "city", address, serverKey }],
      ...options.more,
      cameras: [options.camera ?? { id: "pier", url: "file:none.mp4", name: "码头" }],
    }),
    database,
    clock: options.clock ?? systemClock,
    log: options.log ?? { info: () => undefined, warn: () => undefined, error: () => undefined },
    typeInfo: options.typeInfo ?? (() => null),
    ...(options.footage ? { footage: options.footage } : {}),
    ...(options.health ? { health: options.health } : {}),
    ...(options.signer ? { signer: options.signer } : {}),
    provenance: () => ({ software: "test", model: null, configRevision: "r1" }),
  });
  return {
    delivery,
    database,
    async [Symbol.asyncDispose]() {
      await delivery[Symbol.asyncDispose]();
      database[Symbol.dispose]();
    },
  };
}

/** Waits for a condition; throws when it does not come. */
export async function until(what: string, met: () => boolean, ms = 60_000): Promise<void> {
  const end = performance.now() + ms;
  while (!met()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await systemClock.sleep(20);
  }
}
