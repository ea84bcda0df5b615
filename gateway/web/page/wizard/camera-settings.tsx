/** One camera: its settings, its login (never shown), its test, and its end. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Applied, CameraSettings, CameraView, ModelView } from "../../api.ts";
import { call } from "../shell/call.ts";
import { t } from "../shell/language.ts";
import { useLoading } from "../shell/loading.tsx";
import { goTo } from "../shell/router.ts";
import { said, showFailure } from "../shell/say-failure.ts";
import { may } from "../shell/session.ts";
import { showToast } from "../shell/toasts.tsx";
import { wizardTexts } from "../texts/wizard.ts";
import { configRevision } from "./add-camera.tsx";
import { ConnectionTest } from "./connection-test.tsx";

const transports = ["auto", "tcp", "udp"] as const;

function tell({ changed, changes }: Applied): void {
  const what = changes.map(said).join(" · ");
  showToast({ mood: "good", text: changed ? t(wizardTexts.saved, { what }) : t(wizardTexts.nothing) });
}

/** The settings that differ from what the camera has. */
function differing(next: CameraSettings, camera: CameraView): CameraSettings {
  const present: Readonly<Record<string, unknown>> = {
    ...camera.settings,
    name: camera.name,
    url: camera.url,
    enabled: camera.enabled,
  };
  return Object.fromEntries(Object.entries(next).filter(([key, value]) => present[key] !== value));
}

/** The page of one camera. */
export function CameraSettingsPage({ camera }: { readonly camera: CameraView }): JSX.Element {
  const mayChange = may("admin");
  return (
    <>
      {mayChange && <Settings camera={camera} />}
      <section class="card stack">
        <ConnectionTest request={{ camera: camera.id }} tested={() => undefined} />
      </section>
      {mayChange && <Login camera={camera} />}
      {mayChange && <Remove camera={camera} />}
    </>
  );
}

function Settings({ camera }: { readonly camera: CameraView }): JSX.Element {
  const { settings } = camera;
  const next = useSignal<CameraSettings>({ name: camera.name, url: camera.url, enabled: camera.enabled, ...settings });
  const busy = useSignal(false);
  const models = useLoading(async (signal) => (await call<readonly ModelView[]>("GET", "/models", { signal })).value);
  const put = (change: CameraSettings): void => {
    next.value = { ...next.value, ...change };
  };
  const changes = differing(next.value, camera);
  const save = async (): Promise<void> => {
    busy.value = true;
    try {
      const ifMatch = await configRevision();
      const { value } = await call<Applied>("PATCH", `/cameras/${camera.id}`, { body: changes, ifMatch });
      tell(value);
    } catch (error) {
      showFailure(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <form
      class="card stack"
      data-testid="camera-settings"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div class="filter-fields">
        <label class="wide">
          {t(wizardTexts.name)}
          <input
            maxLength={64}
            required
            value={next.value.name ?? ""}
            onInput={(e) => put({ name: e.currentTarget.value })}
          />
        </label>
        <label class="wide">
          {t(wizardTexts.url)}
          <input required value={next.value.url ?? ""} onInput={(e) => put({ url: e.currentTarget.value.trim() })} />
        </label>
        <label>
          {t(wizardTexts.transport)}
          <select
            value={next.value.transport ?? "auto"}
            onChange={(e) => put({ transport: transports.find((one) => one === e.currentTarget.value) ?? "auto" })}
          >
            {transports.map((one) => (
              <option key={one} value={one}>
                {one === "auto" ? t(wizardTexts.transportAuto) : one.toUpperCase()}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t(wizardTexts.rate)}
          <input
            type="number"
            min={0.1}
            max={25}
            step={0.1}
            value={next.value.rate ?? ""}
            onInput={(e) => {
              const rate = e.currentTarget.valueAsNumber;
              if (rate > 0) put({ rate });
            }}
          />
        </label>
        <label>
          {t(wizardTexts.model)}
          <select
            value={next.value.model ?? ""}
            onChange={(e) => e.currentTarget.value !== "" && put({ model: e.currentTarget.value })}
          >
            <option value="" disabled={settings.model !== undefined}>
              {t(wizardTexts.siteModel)}
            </option>
            {(models.value.value ?? []).map(({ id, name, error }) => (
              <option key={id} value={id} disabled={error !== null}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="switch">
          <input
            type="checkbox"
            checked={next.value.enabled !== false}
            onChange={(e) => put({ enabled: e.currentTarget.checked })}
          />
          {t(wizardTexts.enabled)}
        </label>
      </div>
      <div class="row">
        <button data-testid="camera-save" disabled={busy.value || Object.keys(changes).length === 0}>
          {t(wizardTexts.save)}
        </button>
      </div>
    </form>
  );
}

function Login({ camera }: { readonly camera: CameraView }): JSX.Element {
  const { id, hasLogin, loginUser } = camera;
  const save = (form: HTMLFormElement): void => {
    const fields = new FormData(form);
    const of = (name: string): string => {
      const value = fields.get(name);
      return typeof value === "string" ? value : "";
    };
    call<Applied>("PUT", `/cameras/${id}/login`, { body: { user: of("user").trim(), password: of("password") } })
      .then(({ value }) => {
        tell(value);
        form.reset();
      })
      .catch(showFailure);
  };
  return (
    <form
      class="card stack"
      data-testid="camera-login"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        save(event.currentTarget);
      }}
    >
      <h2>{t(wizardTexts.login)}</h2>
      <p>{hasLogin ? t(wizardTexts.loginKept, { user: loginUser ?? "" }) : t(wizardTexts.loginNone)}</p>
      <div class="filter-fields">
        <label>
          {t(wizardTexts.user)}
          <input name="user" autocomplete="off" defaultValue={loginUser ?? ""} />
        </label>
        <label>
          {t(wizardTexts.password)}
          <input name="password" type="password" autocomplete="new-password" />
        </label>
      </div>
      <small>{t(wizardTexts.loginEmpty)}</small>
      <div class="row">
        <button class="plain">{t(wizardTexts.loginSave)}</button>
      </div>
    </form>
  );
}

function Remove({ camera }: { readonly camera: CameraView }): JSX.Element {
  const remove = async (): Promise<void> => {
    if (!confirm(t(wizardTexts.removeAsk, { name: camera.name }))) return;
    tell((await call<Applied>("DELETE", `/cameras/${camera.id}`, { ifMatch: await configRevision() })).value);
    goTo("/cameras");
  };
  return (
    <div class="row">
      <button type="button" class="plain" data-testid="camera-remove" onClick={() => void remove().catch(showFailure)}>
        {t(wizardTexts.remove)}
      </button>
    </div>
  );
}
