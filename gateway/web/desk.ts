/** What the API needs from the rest of the box; the composition root lends it. */

/** Every part that routes ask; a part that is missing answers 503 `WEB_NOT_NOW`. */
export interface Desk {
  readonly version: string;
}
