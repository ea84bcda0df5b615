/** What a message says when it fired on a test walk: it is kept on the box and sent to nobody. */

/** Whose walk, and since when (wall ms). */
export interface WalkNote {
  readonly user: string;
  readonly fromMs: number;
}

/** The note in the bytes of a message; null: no test walk, or no message. */
export function walkIn(body: Uint8Array): WalkNote | null {
  // Most messages have none: they are not parsed for it.
  const text = Buffer.from(body).toString("utf8");
  if (!text.includes('"testWalk":')) return null;
  try {
    const { data } = JSON.parse(text) as { readonly data?: { readonly testWalk?: WalkNote } };
    return data?.testWalk ?? null;
  } catch {
    return null;
  }
}
