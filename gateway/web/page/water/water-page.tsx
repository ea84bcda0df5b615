/** Water level and surface speed of a camera: `#/water?camera=ID`. */
import type { JSX } from "preact";
import { DeskPage } from "../desk/desk-page.tsx";
import { ratioOf } from "../editor/ratio.ts";
import { shellTexts } from "../texts/shell.ts";
import { waterTexts } from "../texts/water.ts";
import { waterDesks } from "./desk.ts";
import { FlowPanel, GaugePanel } from "./panels.tsx";
import { WaterStage } from "./stage.tsx";
import "../live/live.css";
import "./water.css";

/** The page. */
export function WaterPage(): JSX.Element {
  const { about, overtaken } = waterTexts;
  return (
    <DeskPage name="water" title={shellTexts.water} about={about} overtaken={overtaken} desks={waterDesks}>
      {(desk, camera, may) => {
        const parts = { desk, camera, ratio: ratioOf(camera), may };
        return (
          <div class="water-columns">
            <WaterStage {...parts} />
            <div class="stack">
              <GaugePanel {...parts} />
              <FlowPanel {...parts} />
            </div>
          </div>
        );
      }}
    </DeskPage>
  );
}
