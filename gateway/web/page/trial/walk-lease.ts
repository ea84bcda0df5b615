/** Keeps the box told that somebody walks: for so long it keeps what fires there to itself. */
import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { TestWalkView } from "../../api.ts";
import { call, CallFailed } from "../shell/call.ts";
import { failureText, showFailure } from "../shell/say-failure.ts";

/** Three of them fit into the minute after which the box takes the walk for over. */
const renewMs = 15_000;

/** What the box said last: until when nothing is sent (box time), or why it is sent; null: nothing yet. */
export type Lease = { readonly untilMs: number } | { readonly reason: string } | null;

/** Held while the component lives. */
export function useWalkLease(camera: string, zone: string): Signal<Lease> {
  const lease = useSignal<Lease>(null);
  useEffect(() => {
    const path = `/cameras/${camera}/walk`;
    const keep = (): void => {
      call<TestWalkView>("PUT", path, { body: { zone } })
        .then(({ value }) => (lease.value = { untilMs: value.untilMs }))
        .catch((error: unknown) => (lease.value = { reason: failureText(error).text }));
    };
    keep();
    const again = setInterval(keep, renewMs);
    return () => {
      clearInterval(again);
      call("DELETE", path).catch((error: unknown) => {
        // It had ended by itself.
        if (!(error instanceof CallFailed) || error.status !== 404) showFailure(error);
      });
    };
  }, [camera, zone]);
  return lease;
}
