/** What the API asks of the rest of the box; the composition root lends it. */
import type { LiveFrame, LiveSize } from "../analysis/live-view.ts";
import type { ModelIdentity } from "../analysis/messages.ts";
import type { Trigger } from "../analysis/zones/trigger.ts";
import type { ConfigStore } from "../config/store/config-store.ts";
import type { EventArchive } from "../delivery/events/event-archive.ts";
import type { ClipReruns } from "../rehearsal/clip-rerun/clip-rerun.ts";
import type { Rehearsals } from "../rehearsal/preview.ts";
import type { GatewayStatus } from "../runtime/status.ts";
import type { SmoothViews } from "./smooth-view.ts";
import type { CameraHistory, LogLine, TestWalkView } from "./api.ts";

/** What happens on the box, for whoever looks on. */
export type DeskNews =
  | { readonly kind: "live"; readonly frame: LiveFrame }
  | { readonly kind: "recorded"; readonly trigger: Trigger }
  | { readonly kind: "acknowledged"; readonly id: string; readonly uplink: string; readonly atMs: number }
  | { readonly kind: "log"; readonly line: LogLine };

/** Test walks of every camera. */
export interface Walks {
  /** Begins one, or goes on with it. */
  keep(walk: Pick<TestWalkView, "camera" | "zone" | "user">): TestWalkView;
  /** Null: there was none. */
  end(camera: string): TestWalkView | null;
  running(camera: string): TestWalkView | null;
}

/** The box behind the page. */
export interface Desk {
  readonly store: ConfigStore;
  /** The storage folder and the folder of model packages, absolute. */
  readonly folder: string;
  readonly modelsFolder: string;
  /** Events; null while the database is not open. */
  readonly archive: EventArchive | null;
  /** Who walks through a zone to try it; null while delivery is not open. */
  readonly walks: Walks | null;
  /** Moving pictures for somebody who looks on; null where there are none. */
  readonly smooth: SmoothViews | null;
  /** What would have fired; null where nothing can be asked. */
  readonly rehearsals: Rehearsals | null;
  /** What a draft would do with a recorded clip; null where nothing can be asked. */
  readonly reruns: ClipReruns | null;
  status(): GatewayStatus;
  /** Events that are in memory only at this moment. */
  readonly unwritten: number;
  modelOf(cameraId: string): ModelIdentity | null;
  /** The camera's next frame as JPEG; null when none comes within two seconds. */
  picture(cameraId: string): Promise<Uint8Array | null>;
  /** Which live pictures are wanted, and how often at most; no sizes: nobody looks. */
  watch(cameraId: string, sizes: readonly LiveSize[], everyMs: number): void;
  acceptView(cameraId: string): boolean;
  history(cameraId: string): CameraHistory;
  /** Returns how to stop listening. */
  onNews(listener: (news: DeskNews) => void): () => void;
  /** Raises a test event and returns the id of its message. */
  raiseTest(cameraId: string | null): Promise<string>;
  logs(limit: number): readonly LogLine[];
}
