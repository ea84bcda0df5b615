/** The zone editor: `#/zones` asks for a camera, `#/zones/CAMERA` opens it. */
import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { CameraView } from "../../api.ts";
import { t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { askBeforeLeaving, place } from "../shell/router.ts";
import { editorTexts } from "../texts/editor.ts";
import { shellTexts } from "../texts/shell.ts";
import { listed } from "./core/listed.ts";
import { unapplied } from "./desk.ts";
import { CameraChoice } from "./lazy-dialogs.ts";
import { Workplace } from "./workplace.tsx";
import "../live/live.css";
import "./editor.css";

let before: readonly CameraView[] | null = null;
const known = computed(() => (before = listed(before, cameras.value)));

/** The page. */
export function ZonesPage(): JSX.Element {
  const all = known.value;
  const id = /^\/zones\/([\w-]+)$/.exec(place.value.path)?.[1];
  useEffect(() => guardLeaving(), []);
  if (all === null) return <p class="empty">{t(shellTexts.loading)}</p>;
  const camera = all.find((one) => one.id === id) ?? (all.length === 1 ? all[0] : undefined);
  if (!camera) return <CameraChoice all={all} />;
  return <Workplace key={camera.id} camera={camera} all={all} />;
}

/** Leaving asks while something is not applied; another camera is no leaving, its draft stays on its desk. */
function guardLeaving(): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    if (unapplied() > 0) event.preventDefault();
  };
  window.addEventListener("beforeunload", ask);
  const stay = askBeforeLeaving(
    ({ path }) =>
      path.startsWith("/zones") || unapplied() === 0 || confirm(t(editorTexts.leaveAsk, { count: unapplied() })),
  );
  return () => {
    window.removeEventListener("beforeunload", ask);
    stay();
  };
}
