/** Asks the camera itself for its streams, over ONVIF and with the login that was typed. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { FoundStream, StreamsRequest } from "../../api.ts";
import { call } from "../shell/call.ts";
import { t } from "../shell/language.ts";
import { wizardTexts } from "../texts/wizard.ts";
import { troubleText } from "./remedy.ts";

/** More than the box gives itself for its questions. */
const deadlineMs = 60_000;

/** The button and what was found; `take` hears which address was chosen. */
export function FindStreams(parts: {
  readonly request: StreamsRequest;
  readonly take: (url: string) => void;
}): JSX.Element {
  const { request, take } = parts;
  const found = useSignal<readonly FoundStream[]>([]);
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);
  const ask = async (): Promise<void> => {
    busy.value = true;
    problem.value = null;
    try {
      const path = "/cameras/streams";
      found.value = (await call<readonly FoundStream[]>("POST", path, { body: request, deadlineMs })).value;
    } catch (error) {
      problem.value = troubleText(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="stack find-streams" data-testid="find-streams">
      <div class="row">
        <button type="button" class="plain" data-testid="ask-streams" disabled={busy.value} onClick={() => void ask()}>
          {t(busy.value ? wizardTexts.streamsAsking : wizardTexts.streamsAsk, { host: request.host })}
        </button>
      </div>
      {problem.value !== null && (
        <p class="trouble" role="alert">
          {problem.value}
        </p>
      )}
      <ul class="plain-list" aria-live="polite">
        {found.value.map(({ name, url, codec, widthPx, heightPx }) => (
          <li key={url} class="row">
            <span class="grow">
              <strong>{name}</strong> {codec} {widthPx === null ? "" : `${widthPx}×${heightPx ?? 0}`}
              <small>{url}</small>
            </span>
            <button type="button" class="plain" onClick={() => take(url)}>
              {t(wizardTexts.streamsTake)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
