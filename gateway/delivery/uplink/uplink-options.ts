/** What one uplink is made of. */
import type { BackoffLimits } from "../../runtime/backoff.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { GatewayError } from "../../runtime/errors.ts";
import type { BoxKeys } from "./keys.ts";
import type { OwnCopy, UploadsPort } from "./protocol/box-bulk.ts";
import type { BoxIdentity, OutboxPort } from "./protocol/box-port.ts";
import type { Header } from "./protocol/messages.ts";
import type { ServerKeys } from "./server-keys.ts";

/** What an uplink needs. */
export interface UplinkOptions {
  readonly id: string;
  readonly gw: string;
  readonly address: string;
  /** The platform's key; it may become another while this runs. */
  readonly serverKeys: ServerKeys;
  /** The keys of this box; they may become others while it runs. */
  readonly keys: { readonly newest: BoxKeys; readonly former: BoxKeys | null };
  readonly boot: string;
  readonly software: string;
  readonly clock: Clock;
  readonly outbox: OutboxPort;
  readonly uploads: UploadsPort & { retryParked(): void };
  readonly read: (sha256: string, off: number, size: number) => Promise<Uint8Array | null>;
  /** Compares a file with its digests. */
  readonly check: (sha256: string, sm3?: string) => Promise<OwnCopy>;
  readonly health: () => NonNullable<Header<"BEAT">["health"]>;
  /** relay: hands on what other gateways made. Default box. */
  readonly role?: BoxIdentity["role"];
  readonly onCommand?: (header: Header<"CMD">, payload: Uint8Array) => void;
  /** A session with the platform is open: what was said before may have to be said again. */
  readonly onOpen?: () => void;
  readonly onAcknowledged: (lane: number, from: number, to: number) => void;
  readonly onError: (error: GatewayError) => void;
  readonly backoff?: BackoffLimits;
}
