/** A camera to add: brand or address, login, test, name. At most six fields are typed. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Applied, Brand, ConfigDocument, TestResult } from "../../api.ts";
import { call } from "../shell/call.ts";
import { t } from "../shell/language.ts";
import { useLoading } from "../shell/loading.tsx";
import { said, showFailure } from "../shell/say-failure.ts";
import { showToast } from "../shell/toasts.tsx";
import { wizardTexts } from "../texts/wizard.ts";
import { emptyFields, newCameraOf, streamsOf, testOf, withUrl, type CameraFields } from "./address.ts";
import { ConnectionTest } from "./connection-test.tsx";
import { Discovery, type Device } from "./discovery.tsx";
import { FindStreams } from "./find-streams.tsx";

/** The revision that a change of cameras is based on. @throws CallFailed */
export async function configRevision(): Promise<string> {
  return (await call<ConfigDocument>("GET", "/config")).value.revision;
}

/** The form; `added` hears the id of the new camera. */
export function AddCamera({ added }: { readonly added: (camera: string) => void }): JSX.Element {
  const fields = useSignal<CameraFields>(emptyFields);
  const good = useSignal(false);
  const busy = useSignal(false);
  const device = useSignal<Device | null>(null);
  const brands = useLoading(async (signal) => (await call<readonly Brand[]>("GET", "/brands", { signal })).value);
  const brand = brands.value.value?.find(({ id }) => id === fields.value.brand) ?? null;
  const put = (next: Partial<CameraFields>): void => {
    fields.value = { ...fields.value, ...next };
    good.value = false;
  };
  const camera = newCameraOf(fields.value);
  const streams = streamsOf(fields.value, device.value);
  const add = async (): Promise<void> => {
    if (!camera) return;
    busy.value = true;
    try {
      const ifMatch = await configRevision();
      const { value } = await call<Applied>("POST", "/cameras", { body: camera, ifMatch, deadlineMs: 60_000 });
      showToast({ mood: "good", text: t(wizardTexts.added, { name: camera.name }) });
      added(value.camera ?? "");
    } catch (error) {
      showFailure(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="stack">
      <form
        class="card stack camera-form"
        data-testid="camera-form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div class="filter-fields">
          <label>
            {t(wizardTexts.brand)}
            <select
              data-testid="brand"
              value={fields.value.brand}
              onChange={(event) => {
                const id = brands.value.value?.find((one) => one.id === event.currentTarget.value)?.id;
                if (id) put({ brand: id });
              }}
            >
              {(brands.value.value ?? []).map(({ id, name }) => (
                <option key={id} value={id}>
                  {id === "custom" ? t(wizardTexts.byUrl) : said(name)}
                </option>
              ))}
            </select>
          </label>
          {fields.value.brand === "custom" ? (
            <Typed
              name="url"
              text={t(wizardTexts.url)}
              value={fields.value.url}
              put={(url) => (fields.value = withUrl(fields.value, url))}
            />
          ) : (
            <BrandFields fields={fields.value} brand={brand} put={put} />
          )}
          <Typed name="user" text={t(wizardTexts.user)} value={fields.value.user} put={(user) => put({ user })} />
          <Typed
            name="password"
            type="password"
            text={t(wizardTexts.password)}
            value={fields.value.password}
            put={(password) => put({ password })}
          />
        </div>
        {brand && <small>{said(brand.note)}</small>}
        {streams && (
          <FindStreams
            key={streams.host}
            request={streams}
            take={(url) => {
              put({ brand: "custom" });
              fields.value = withUrl(fields.value, url);
            }}
          />
        )}
        <ConnectionTest
          request={testOf(fields.value)}
          tested={(result: TestResult) => {
            good.value = result.ok;
          }}
        />
        <Typed
          name="name"
          text={t(wizardTexts.name)}
          value={fields.value.name}
          put={(name) => (fields.value = { ...fields.value, name })}
        />
        <div class="row">
          <button data-testid="camera-add" class={good.value ? "" : "plain"} disabled={!camera || busy.value}>
            {t(good.value ? wizardTexts.addNow : wizardTexts.addUntested)}
          </button>
        </div>
      </form>
      <Discovery
        take={(found) => {
          device.value = found;
          const { host, brand: id } = found;
          put(id === "custom" ? { brand: id, url: `rtsp://${host}:554/` } : { brand: id, host });
        }}
      />
    </div>
  );
}

function BrandFields(parts: {
  readonly fields: CameraFields;
  readonly brand: Brand | null;
  readonly put: (next: Partial<CameraFields>) => void;
}): JSX.Element {
  const { fields, brand, put } = parts;
  return (
    <>
      <Typed name="host" text={t(wizardTexts.host)} value={fields.host} put={(host) => put({ host })} />
      <label>
        {t(wizardTexts.stream)}
        <select
          value={fields.stream}
          onChange={(event) => put({ stream: event.currentTarget.value === "main" ? "main" : "sub" })}
        >
          <option value="sub">{t(wizardTexts.sub)}</option>
          <option value="main">{t(wizardTexts.main)}</option>
        </select>
      </label>
      <Typed
        name="channel"
        type="number"
        text={t(wizardTexts.channel)}
        value={fields.channel}
        put={(channel) => put({ channel })}
      />
      <Typed
        name="port"
        type="number"
        text={t(wizardTexts.port)}
        hint={String(brand?.port ?? 554)}
        value={fields.port}
        put={(port) => put({ port })}
      />
    </>
  );
}

function Typed(parts: {
  readonly name: string;
  readonly text: string;
  readonly value: string;
  readonly type?: "text" | "password" | "number";
  readonly hint?: string;
  readonly put: (value: string) => void;
}): JSX.Element {
  const { name, text, value, type = "text", hint, put } = parts;
  const shared = {
    "data-testid": `camera-${name}`,
    placeholder: hint,
    spellcheck: false,
    value,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => put(event.currentTarget.value),
  };
  return (
    <label class={name === "url" ? "wide" : ""}>
      {text}
      {type === "password" ? (
        <input type="password" autocomplete="new-password" {...shared} />
      ) : (
        <input
          type="text"
          inputMode={type === "number" ? "numeric" : "text"}
          autocapitalize="off"
          autocomplete="off"
          {...shared}
        />
      )}
    </label>
  );
}
