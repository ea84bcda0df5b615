/** What stands behind the shapes: live, a picture of the last day, night or event, or a file of the technician. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { EventPage } from "../../api.ts";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { showFailure } from "../shell/say-failure.ts";
import { editorTexts } from "../texts/editor.ts";
import { panelTexts } from "../texts/editor-panels.ts";
import type { Desk } from "./desk.ts";

const choices = ["live", "day", "night", "event", "upload"] as const;
type Choice = (typeof choices)[number];

const names = {
  live: panelTexts.backgroundLive,
  day: panelTexts.backgroundDay,
  night: panelTexts.backgroundNight,
  event: panelTexts.backgroundEvent,
  upload: panelTexts.backgroundUpload,
} as const;

/** Where the picture lies; null when the box has none. Day and night are kept by the box, events hold their own. */
async function addressOf(camera: string, choice: "day" | "night" | "event"): Promise<string | null> {
  if (choice !== "event") return `/api/v1/cameras/${camera}/background.jpg?of=${choice}`;
  const { value } = await call<EventPage>("GET", `/events?camera=${camera}&limit=200`);
  return value.events.find(({ picture }) => picture !== null)?.picture ?? null;
}

/** The menu. */
export function BackgroundMenu({ desk }: { readonly desk: Desk }): JSX.Element {
  const choice = useSignal<Choice>("live");
  const problem = useSignal(false);
  const file = useRef<HTMLInputElement>(null);
  const takenMs = useSignal<number | null>(null);
  const show = async (blob: Blob): Promise<void> => {
    desk.still.value = await createImageBitmap(blob);
  };
  const choose = async (next: Choice): Promise<void> => {
    problem.value = false;
    if (next === "upload") {
      file.current?.click();
      return;
    }
    choice.value = next;
    desk.still.value = null;
    takenMs.value = null;
    if (next === "live") return;
    const address = await addressOf(desk.camera, next);
    const response = address === null ? null : await fetch(address, { credentials: "same-origin" });
    if (response?.ok === true) {
      await show(await response.blob());
      takenMs.value = Date.parse(response.headers.get("last-modified") ?? "") || null;
    } else {
      choice.value = "live";
      problem.value = true;
    }
  };
  return (
    <div class="background-menu">
      <label>
        <span class="unseen">{t(panelTexts.background)}</span>
        <select
          data-testid="background"
          value={choice.value}
          onChange={(event) => {
            const next = choices.find((one) => one === event.currentTarget.value) ?? "live";
            event.currentTarget.value = choice.value;
            void choose(next).catch(showFailure);
          }}
        >
          {choices.map((one) => (
            <option key={one} value={one}>
              {t(names[one])}
            </option>
          ))}
        </select>
      </label>
      <input
        ref={file}
        type="file"
        accept="image/*"
        hidden
        data-testid="background-file"
        aria-label={t(panelTexts.backgroundUpload)}
        onChange={(event) => {
          const [picked] = event.currentTarget.files ?? [];
          if (!picked) return;
          show(picked).then(
            () => {
              choice.value = "upload";
            },
            () => {
              desk.editor.say(panelTexts.backgroundBad);
            },
          );
        }}
      />
      {problem.value && <small role="status">{t(panelTexts.backgroundNone)}</small>}
      {takenMs.value !== null && <small data-testid="background-taken">{momentText(takenMs.value)}</small>}
      {desk.frozen.value && <small>{t(editorTexts.freeze)}</small>}
    </div>
  );
}
