/** A short tone when an event begins: off by default, and a browser plays nothing before the first tap. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { onLive } from "../shell/live.ts";
import { storedChoice } from "../shell/stored.ts";
import { eventTexts } from "../texts/events.ts";

const sound = storedChoice("event-sound", ["off", "on"]);
let audio: AudioContext | null = null;

/** Plays a tone; the graver the event the higher. */
export function beep(severity: number): void {
  audio ??= new AudioContext();
  if (audio.state === "suspended") void audio.resume().catch(() => undefined);
  const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = 1_100 - 150 * severity;
  loudness.gain.setValueAtTime(0.2, audio.currentTime);
  loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.35);
  tone.connect(loudness).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.35);
}

onLive((message) => {
  if (sound.value === "on" && message.kind === "event" && message.phase === "start") beep(message.severity);
});

/** The switch; choosing it is the tap that the browser waits for. */
export function SoundSwitch(): JSX.Element {
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={sound.value === "on"}
        onChange={(event) => {
          sound.value = event.currentTarget.checked ? "on" : "off";
          if (event.currentTarget.checked) beep(3);
        }}
      />
      {t(eventTexts.sound)}
    </label>
  );
}
