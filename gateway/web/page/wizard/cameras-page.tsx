/** Cameras: `#/cameras` the list, `#/cameras/~add` a new one, `#/cameras/ID` its settings. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { goTo, place } from "../shell/router.ts";
import { may } from "../shell/session.ts";
import { liveTexts } from "../texts/live.ts";
import { shellTexts } from "../texts/shell.ts";
import { wizardTexts } from "../texts/wizard.ts";
import { AddCamera } from "./add-camera.tsx";
import { CameraSettingsPage } from "./camera-settings.tsx";
import "../events/events.css";
import "../config/config.css";
import "./wizard.css";

const states = {
  connecting: liveTexts.connecting,
  streaming: liveTexts.streaming,
  stalled: liveTexts.stalled,
  waiting: liveTexts.waitingState,
  disabled: liveTexts.disabled,
} as const;

/** The page. */
export function CamerasPage(): JSX.Element {
  const one = /^\/cameras\/(.+)$/.exec(place.value.path)?.[1];
  const all = cameras.value;
  if (all === null) return <p class="empty">{t(shellTexts.loading)}</p>;
  const camera = all.find(({ id }) => id === one);
  return (
    <section class="stack cameras-page">
      {one !== undefined && <a href="#/cameras">← {t(wizardTexts.all)}</a>}
      <div class="row head-row">
        <h1>{one === "~add" ? t(wizardTexts.add) : (camera?.name ?? t(wizardTexts.cameras))}</h1>
        {one === undefined && may("admin") && (
          <a class="button plain" data-testid="add-camera" href="#/cameras/~add">
            + {t(wizardTexts.add)}
          </a>
        )}
      </div>
      {one === "~add" ? (
        <AddCamera added={(id) => goTo(`/zones/${id}`)} />
      ) : camera ? (
        <CameraSettingsPage key={camera.id} camera={camera} />
      ) : (
        <List />
      )}
    </section>
  );
}

function List(): JSX.Element {
  const all = cameras.value ?? [];
  if (all.length === 0) return <p class="empty">{t(wizardTexts.noCamera)}</p>;
  return (
    <ul class="plain-list">
      {all.map(({ id, name, url, model, state }) => (
        <li key={id} class="card row" data-testid={`camera-${id}`}>
          <div class="grow">
            <strong>{name}</strong> <small class="inline">{id}</small>
            <small>
              {url} · {model ?? "–"} · {t(states[state])}
            </small>
          </div>
          <a class="button plain" href={`#/cameras/${id}`}>
            {t(wizardTexts.edit)}
          </a>
        </li>
      ))}
    </ul>
  );
}
