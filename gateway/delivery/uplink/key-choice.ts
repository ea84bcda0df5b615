/** Which keys of a box a platform knows: the newest, unless it refuses them and the former ones are still welcome. */
import type { BoxKeys } from "./keys.ts";

/** One per uplink: platforms learn new keys one by one. */
export class KeyChoice {
  readonly #keys: { readonly newest: BoxKeys; readonly former: BoxKeys | null };
  /** The other keys were tried since a session was last open. */
  #tried = false;
  #isFormer = false;

  constructor(keys: { readonly newest: BoxKeys; readonly former: BoxKeys | null }) {
    this.#keys = keys;
  }

  /** Whether the platform is spoken to with the former keys. */
  get isFormer(): boolean {
    return this.#isFormer && this.#keys.former !== null;
  }

  get current(): BoxKeys {
    return (this.#isFormer ? this.#keys.former : null) ?? this.#keys.newest;
  }

  /** What the platform should learn; null: it knows the newest. */
  get next(): BoxKeys | null {
    return this.isFormer ? this.#keys.newest : null;
  }

  /** The platform does not know the current keys. True: the others may be tried at once. */
  refused(): boolean {
    if (!this.#keys.former) return false;
    const first = !this.#tried;
    this.#tried = true;
    this.#isFormer = !this.#isFormer;
    return first;
  }

  opened(): void {
    this.#tried = false;
  }

  /** There are newer keys, and the platform knows the present ones. */
  renewed(): void {
    this.#isFormer = true;
  }

  /** The platform knows the newest. */
  taken(): void {
    this.#isFormer = false;
  }
}
