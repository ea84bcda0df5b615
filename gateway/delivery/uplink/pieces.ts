/** Pieces of files that were asked for and have not come yet: one at a time. */
import { crc32 } from "node:zlib";
import type { Header } from "./protocol/messages.ts";

/** What came: bytes, or why not. `lost`: ask again, in another session perhaps. */
export type Piece =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "lost" }
  | { readonly kind: "refused"; readonly why: string };

/** The one that is waited for. */
export class PieceWait {
  #waiting: { readonly header: Header<"ASK">; readonly settle: (piece: Piece) => void } | null = null;

  /** Waits for the answer to `header`; an older wait is lost. */
  begin(header: Header<"ASK">): Promise<Piece> {
    this.lost();
    return new Promise((settle) => {
      this.#waiting = { header, settle };
    });
  }

  given({ cmd, sha256, off, crc32: expected, refuse }: Header<"GIVE">, bytes: Uint8Array): void {
    const asked = this.#waiting?.header;
    if (asked?.cmd !== cmd || asked.sha256 !== sha256 || asked.off !== off) return;
    if (refuse !== undefined) this.#end({ kind: "refused", why: refuse });
    else if (bytes.length === 0 || bytes.length > asked.size || crc32(bytes) !== expected) this.lost();
    else this.#end({ kind: "bytes", bytes });
  }

  /** Nothing comes any more. */
  lost(): void {
    this.#end({ kind: "lost" });
  }

  #end(piece: Piece): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.settle(piece);
  }
}
