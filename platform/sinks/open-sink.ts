/** A store by its address. */
import { GatewayError } from "../../gateway/runtime/errors.ts";
import type { PlatformSink } from "../sink.ts";
import { SqliteSink } from "./sqlite.ts";

/** What an address may not hold, because command lines are seen by everybody. */
const secretPlace = /^[a-z]+:\/\/[^/@]*:[^/@]*@/;

/**
 * `sqlite:PATH`, `postgres://user@host/database`, `nats://host:4222[?replicas=3&creds=FILE]`. Packages of the others are not loaded.
 * Throws GatewayError SINK_ADDRESS, and what the store throws.
 */
export async function openSink(address: string, nowMs: number): Promise<PlatformSink> {
  const refuse = (detail: string): never => {
    throw new GatewayError("SINK_ADDRESS", { address: address.replace(secretPlace, "…@").slice(0, 200), detail });
  };
  if (secretPlace.test(address)) return refuse("a password stands in it");
  if (address.startsWith("sqlite:")) return SqliteSink.open(address.slice("sqlite:".length), nowMs);
  if (/^postgres(ql)?:\/\//.test(address)) return (await import("./postgres.ts")).PostgresSink.open(address);
  if (!address.startsWith("nats://")) return refuse("its scheme is not known");
  const [servers = "", query = ""] = address.split("?");
  const asked = new URLSearchParams(query);
  const replicas = Number(asked.get("replicas") ?? 1);
  if (![1, 3, 5].includes(replicas)) return refuse("replicas is 1, 3 or 5");
  const credentials = asked.get("creds") ?? undefined;
  return (await import("./jetstream.ts")).JetStreamSink.open({ servers, credentials, replicas });
}
