/** Access of programs, and links of screens: made, shown once, taken back. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { AccessToken, IssuedToken, Role } from "../../api.ts";
import { CopyButton } from "../health/copy-button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Qr } from "../parts/qr.tsx";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { roleTexts } from "../shell/roles.ts";
import { showFailure } from "../shell/say-failure.ts";
import { showToast } from "../shell/toasts.tsx";
import { tokenTexts } from "../texts/tokens.ts";
import { userTexts } from "../texts/users.ts";
import { CameraChoice } from "./camera-choice.tsx";
import { RoleChoice } from "./role-choice.tsx";

/** All of them, and a form for another one. */
export function Tokens(): JSX.Element {
  const loading = useLoading(
    async (signal) => (await call<readonly AccessToken[]>("GET", "/tokens", { signal })).value,
  );
  const issued = useSignal<IssuedToken | null>(null);
  const all = loading.value.value ?? [];
  return (
    <section class="stack" data-testid="tokens">
      <h2>{t(tokenTexts.title)}</h2>
      <p class="note">{t(tokenTexts.about)}</p>
      {loading.error.value && <Trouble error={loading.error.value} retry={loading.again} />}
      <ul class="users">
        {all.map((token) => (
          <TokenRow key={token.id} token={token} after={loading.again} />
        ))}
      </ul>
      <AddToken
        made={(one) => {
          issued.value = one;
          loading.again();
        }}
      />
      {issued.value && <Secret issued={issued.value} close={() => (issued.value = null)} />}
    </section>
  );
}

function TokenRow({ token, after }: { readonly token: AccessToken; readonly after: () => void }): JSX.Element {
  const { id, name, kind, role, cameras, createdMs, createdBy, lastSeenMs } = token;
  const revoke = (): void => {
    if (!confirm(t(tokenTexts.revokeAsk, { name }))) return;
    call("DELETE", `/tokens/${id}`)
      .then(() => {
        showToast({ mood: "good", text: t(tokenTexts.revoked, { name }) });
        after();
      })
      .catch(showFailure);
  };
  return (
    <li class="card" data-testid={`token-${name}`}>
      <div>
        <strong>{name}</strong>{" "}
        <small>
          {t(userTexts.created)} {momentText(createdMs)} · {createdBy} · {t(tokenTexts.lastUsed)}{" "}
          {lastSeenMs === null ? t(userTexts.never) : momentText(lastSeenMs)}
        </small>
      </div>
      <div>
        {kind === "screen" ? t(tokenTexts.screen) : `${t(tokenTexts.api)} · ${t(roleTexts[role])}`}
        {cameras && <small>{cameras.join(" ")}</small>}
      </div>
      <div class="row">
        <button type="button" class="plain" data-testid={`revoke-${name}`} onClick={revoke}>
          {t(tokenTexts.revoke)}
        </button>
      </div>
    </li>
  );
}

function AddToken({ made }: { readonly made: (issued: IssuedToken) => void }): JSX.Element {
  const kind = useSignal<AccessToken["kind"]>("screen");
  const role = useSignal<Role>("viewer");
  const cameras = useSignal<readonly string[] | null>(null);
  const sees = kind.value === "screen" || role.value === "viewer";
  const add = (form: HTMLFormElement): void => {
    const given = new FormData(form).get("name");
    const name = typeof given === "string" ? given.trim() : "";
    const body = { name, kind: kind.value, role: role.value, cameras: sees ? cameras.value : null };
    call<IssuedToken>("POST", "/tokens", { body })
      .then(({ value }) => {
        form.reset();
        made(value);
      })
      .catch(showFailure);
  };
  return (
    <form
      class="card stack"
      data-testid="add-token"
      onSubmit={(event) => {
        event.preventDefault();
        add(event.currentTarget);
      }}
    >
      <h3>{t(tokenTexts.add)}</h3>
      <label>
        {t(tokenTexts.name)}
        <input name="name" autocomplete="off" maxLength={32} required />
      </label>
      <label>
        {t(tokenTexts.kind)}
        <select
          data-testid="token-kind"
          value={kind.value}
          onChange={(event) => (kind.value = event.currentTarget.value === "api" ? "api" : "screen")}
        >
          <option value="screen">{t(tokenTexts.screen)}</option>
          <option value="api">{t(tokenTexts.api)}</option>
        </select>
      </label>
      {kind.value === "api" && (
        <div>
          {t(userTexts.role)}
          <RoleChoice label={t(userTexts.role)} value={role.value} change={(next) => (role.value = next)} />
        </div>
      )}
      {sees && (
        <CameraChoice name={t(tokenTexts.thisOne)} chosen={cameras.value} change={(next) => (cameras.value = next)} />
      )}
      <div class="row">
        <button>{t(tokenTexts.add)}</button>
      </div>
    </form>
  );
}

/** The only time that it is shown. */
function Secret({ issued, close }: { readonly issued: IssuedToken; readonly close: () => void }): JSX.Element {
  const { token, secret, link, qr } = issued;
  return (
    <Dialog title={token.name} close={close} testid="secret-dialog">
      <p>{t(link === null ? tokenTexts.apiOnce : tokenTexts.screenOnce)}</p>
      <p>
        <code class="secret" data-testid="secret">
          {link ?? secret}
        </code>
      </p>
      {qr && <Qr qr={qr} label={t(tokenTexts.screen)} />}
      {link === null && (
        <p class="note">
          <code>Authorization: Bearer …</code>
        </p>
      )}
      <div class="row">
        <CopyButton text={() => link ?? secret} label={tokenTexts.copy} />
      </div>
    </Dialog>
  );
}
