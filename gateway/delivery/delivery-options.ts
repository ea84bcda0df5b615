/** What delivery is made of, and what it hands around. */
import { join } from "node:path";
import type { Footage } from "../analysis/capture/ring/footage.ts";
import type { GatewayConfig } from "../config/schema.ts";
import type { Database } from "../database/database.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { EventTypeInfo, EvidenceRef, Provenance } from "./events/event.ts";
import type { EventSigner } from "./keys/event-signature.ts";
import type { EventTable } from "./events/event-table.ts";
import type { EvidenceFiles } from "./evidence/evidence-files.ts";
import type { SystemEvents } from "./system-events.ts";
import type { KeyFile } from "./uplink/keys.ts";
import type { OpenUplink, UplinksOptions } from "./uplink/open-uplinks.ts";
import type { Header } from "./uplink/protocol/messages.ts";
import type { ReadEvent } from "./uplink/protocol/read-event.ts";

/** A frame as JPEG, and its size in pixels. */
export interface Picture {
  readonly jpeg: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What delivery is made of. */
export interface DeliveryOptions {
  readonly config: GatewayConfig;
  /** Holds keys, evidence and ballast; the folder of the database when left out. */
  readonly folder?: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** What the catalogue knows of an event type; null for one it does not know. */
  readonly typeInfo: (eventType: string) => EventTypeInfo | null;
  readonly provenance: (cameraId: string) => Provenance;
  /** What the box says of itself with each beat; flat, at most a kilobyte. */
  readonly health?: () => Readonly<Record<string, number | string | boolean | null>>;
  /** The newest seconds of a camera's evidence stream; null for a camera without. */
  readonly footage?: (cameraId: string) => Footage | null;
  /** Signs what this box makes; null or left out: nobody asked for it. */
  readonly signer?: EventSigner | null;
  /** Told of each event that a platform has acknowledged. */
  readonly onAcknowledged?: (acknowledged: Acknowledgement) => void;
}

/** What the parts of the durable half stand on. */
export interface DeliveryParts extends Pick<DeliveryOptions, "config" | "database" | "clock" | "log" | "footage"> {
  readonly table: EventTable;
  readonly files: EvidenceFiles;
  readonly uplinks: readonly OpenUplink[];
  readonly system: SystemEvents;
  /** The box's own keys. */
  readonly keys: KeyFile;
}

/** One event, and the uplink whose platform now has it on its disk. */
export interface Acknowledgement {
  readonly uplinkId: string;
  readonly event: ReadEvent;
}

/** What else may hang on the uplinks. */
export type DeliveryHooks = Partial<Pick<UplinksOptions, "onPassedOn" | "onCommand" | "onOpen">> & {
  /** A command for a gateway behind this one. */
  readonly onForeignCommand?: (header: Header<"CMD">, payload: Uint8Array) => void;
};

/** What the uplinks tell, once there is somebody to tell. */
export type Wires = DeliveryHooks &
  Partial<Pick<UplinksOptions, "onGivenUp" | "onEvidenceLost" | "onEvidenceSpoiled" | "onAcknowledged" | "onError">>;

/** What became of a picture; `missing` says why there is no evidence of it. */
export interface KeptPicture {
  readonly evidence: readonly EvidenceRef[];
  readonly missing: "disk-full" | "write-failed" | null;
}

/** Who signs what this box makes; the library behind it is loaded only where the site asks for it. */
export async function signerOf({ trust }: GatewayConfig, folder: string): Promise<EventSigner | null> {
  if (trust.signEvents === "none") return null;
  return (await import("./keys/sm2-signer.ts")).openSm2Signer(join(folder, "sm2-key.json"));
}
