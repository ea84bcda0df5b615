/** Who asks: a person, a program or a screen, and what they may see (pure). */
import type { Role } from "./password-file.ts";

/** Somebody who is let in. */
export interface Visitor {
  /** Who: somebody who logged in, a program with a token, a screen that only shows the live view. */
  readonly kind: "person" | "api" | "screen";
  readonly user: string;
  readonly role: Role;
  /** The only cameras this visitor sees; null: every one. */
  readonly cameras: readonly string[] | null;
  readonly token: string;
}

/** Whether this visitor may know anything of a camera; those who may not are told that there is none. */
export function sees({ cameras }: Visitor, cameraId: string): boolean {
  return cameras === null || cameras.includes(cameraId);
}
