/** What is measured in one camera's picture, on a desk, and what of it is in hand. */
import { signal } from "@preact/signals";
import type { Measures } from "../../api.ts";
import { Desk, Desks } from "../desk/desk.ts";
import type { Handle } from "./core/rulers.ts";

export class WaterDesk extends Desk<Measures> {
  /** What arrow keys and a tap into the picture move. */
  readonly chosen = signal<Handle | null>(null);
  readonly zoom = signal(1);

  constructor(camera: string) {
    super(camera, {
      path: "measures",
      none: { gauge: null, flow: null },
      of: ({ gauge, flow }) => ({ gauge, flow }),
      // What is drawn here lies over what they have now: applying again takes it, undo takes theirs.
      laidOver: (mine) => mine,
    });
  }
}

export const waterDesks = new Desks((camera) => new WaterDesk(camera));
