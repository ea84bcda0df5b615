/** The uploads of a simulated box: they are on its disk, whatever becomes of it. */
import { createHash } from "node:crypto";
import type { Offered, UploadsPort } from "../protocol/box-bulk.ts";
import type { Random } from "./random.ts";

interface Blob {
  readonly offered: Offered;
  readonly bytes: Uint8Array;
  state: "waiting" | "done" | "parked";
  bad: number;
}

/** Files of a few octets up to some hundred thousand. */
export class EvidenceBlobs implements UploadsPort {
  readonly all: Blob[] = [];

  record(random: Random): void {
    const size = Math.ceil(random.chance(0.3) ? random.between(60_000, 400_000) : random.between(1, 60_000));
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 64) bytes[at] = Math.floor(random.next() * 256);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (this.of(sha256)) return;
    const offered = { sha256, size, type: "image/jpeg", ev: "e", kind: "snapshot" } as const;
    this.all.push({ offered, bytes, state: "waiting", bad: 0 });
  }

  of(sha256: string): Blob | undefined {
    return this.all.find(({ offered }) => offered.sha256 === sha256);
  }

  get areDone(): boolean {
    return this.all.every(({ state }) => state !== "waiting");
  }

  epoch(): string {
    return "e".repeat(32);
  }

  next(): Offered | null {
    return this.all.find(({ state }) => state === "waiting")?.offered ?? null;
  }

  done(sha256: string): void {
    const blob = this.of(sha256);
    if (blob) blob.state = "done";
  }

  parked(sha256: string): void {
    const blob = this.of(sha256);
    if (blob) blob.state = "parked";
  }

  /** Nothing spoils a file in this world but what spoils it on its way. */
  spoiled(): void {
    return;
  }

  bad(sha256: string): number {
    const blob = this.of(sha256);
    return blob ? (blob.bad += 1) : 0;
  }
}
