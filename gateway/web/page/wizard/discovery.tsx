/** Looking for cameras: who answered, and what was tried when nobody did. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Discovered } from "../../api.ts";
import { eachLine } from "../parts/ndjson.ts";
import { t } from "../shell/language.ts";
import { said, showFailure } from "../shell/say-failure.ts";
import { wizardTexts } from "../texts/wizard.ts";

export type Device = Extract<Discovered, { kind: "device" }>;
type Tried = Extract<Discovered, { kind: "tried" }>;

/** Folded: typing an address is the way that always works, and stays in sight. */
export function Discovery({ take }: { readonly take: (device: Device) => void }): JSX.Element {
  const found = useSignal<readonly Discovered[]>([]);
  const cidr = useSignal("");
  const busy = useSignal(false);
  const over = useSignal(false);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const look = async (): Promise<void> => {
    const ended = new AbortController();
    running.current = ended;
    busy.value = true;
    over.value = false;
    found.value = [];
    try {
      const body = cidr.value.trim() === "" ? {} : { cidr: cidr.value.trim() };
      await eachLine("/discovery", body, ended.signal, (line) => {
        found.value = [...found.value, line as Discovered].slice(-2_000);
      });
      over.value = true;
    } catch (error) {
      if (!ended.signal.aborted) showFailure(error);
    } finally {
      busy.value = false;
    }
  };
  const devices = found.value.filter((one): one is Device => one.kind === "device");
  const tried = found.value.filter((one): one is Tried => one.kind === "tried");
  return (
    <details class="card">
      <summary>{t(wizardTexts.discover)}</summary>
      <div class="stack">
        <small>{t(wizardTexts.discoverAbout)}</small>
        <label>
          {t(wizardTexts.cidr)}
          <input
            inputMode="decimal"
            placeholder="192.168.1.0/24"
            value={cidr.value}
            onInput={(event) => (cidr.value = event.currentTarget.value)}
          />
        </label>
        <div class="row">
          <button type="button" class="plain" data-testid="discover" disabled={busy.value} onClick={() => void look()}>
            {t(busy.value ? wizardTexts.discovering : wizardTexts.discover)}
          </button>
        </div>
        <ul class="plain-list" aria-live="polite">
          {devices.map((device) => (
            <li key={device.host} class="row" data-testid={`device-${device.host}`}>
              <span class="grow">
                <strong>{device.host}</strong> {device.name} {device.model}
              </span>
              <button type="button" class="plain" onClick={() => take(device)}>
                {t(wizardTexts.take, { host: device.host })}
              </button>
            </li>
          ))}
        </ul>
        {over.value && devices.length === 0 && <p data-testid="discovered-none">{t(wizardTexts.discoveredNone)}</p>}
        {tried.map(({ interface: device, address, note }) => (
          <small key={`${device} ${address}`} data-testid="tried">
            {note ? "△" : "·"} {t(wizardTexts.discoveredTried, { interface: device, address })} {note && said(note)}
          </small>
        ))}
      </div>
    </details>
  );
}
