/** One's own password, and for administrators who else may in. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Role, User } from "../../api.ts";
import { Dialog } from "../parts/dialog.tsx";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { failureLine, showFailure } from "../shell/say-failure.ts";
import { loadSession, may, session } from "../shell/session.ts";
import { showToast } from "../shell/toasts.tsx";
import { shellTexts } from "../texts/shell.ts";
import { userTexts } from "../texts/users.ts";
import { CameraChoice } from "./camera-choice.tsx";
import { Certificate } from "./certificate.tsx";
import { RoleChoice } from "./role-choice.tsx";
import { Tokens } from "./tokens.tsx";
import "../events/events.css";
import "./users.css";

const leastPassword = 8;
/** The page. */
export function UsersPage(): JSX.Element {
  return (
    <section class="stack users-page">
      <h1>{t(userTexts.title)}</h1>
      {may("admin") && <Everybody />}
      {may("admin") && <Tokens />}
      <OwnPassword />
      <Certificate />
    </section>
  );
}

function field(event: SubmitEvent): (name: string) => string {
  event.preventDefault();
  const fields = new FormData(event.currentTarget as HTMLFormElement);
  return (name) => {
    const value = fields.get(name);
    return typeof value === "string" ? value : "";
  };
}

function OwnPassword(): JSX.Element {
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);
  const change = async (old: string, next: string): Promise<void> => {
    busy.value = true;
    problem.value = null;
    try {
      await call("PUT", "/session/password", { body: { old, new: next } });
      await loadSession();
      showToast({ mood: "good", text: t(userTexts.changed) });
    } catch (error) {
      problem.value = failureLine(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <form
      class="card stack narrow"
      data-testid="own-password"
      onSubmit={(event) => {
        const of = field(event);
        if (of("new") !== of("again")) problem.value = t(shellTexts.setupDiffers);
        else void change(of("old"), of("new"));
      }}
    >
      <h2>{t(userTexts.own)}</h2>
      <input type="text" name="user" value={session.value?.user ?? ""} autocomplete="username" hidden />
      <label>
        {t(userTexts.old)}
        <input name="old" type="password" autocomplete="current-password" required />
      </label>
      <label>
        {t(userTexts.next)}
        <input name="new" type="password" autocomplete="new-password" minLength={leastPassword} required />
      </label>
      <label>
        {t(userTexts.again)}
        <input name="again" type="password" autocomplete="new-password" minLength={leastPassword} required />
      </label>
      <p class="problem" role="alert" data-testid="own-problem">
        {problem.value}
      </p>
      <div class="row">
        <button disabled={busy.value}>{t(userTexts.change)}</button>
      </div>
    </form>
  );
}

function Everybody(): JSX.Element {
  const loading = useLoading(async (signal) => (await call<readonly User[]>("GET", "/users", { signal })).value);
  const users = loading.value.value;
  return (
    <>
      {loading.error.value && <Trouble error={loading.error.value} retry={loading.again} />}
      {users === null ? (
        loading.error.value === null && <p class="empty">{t(shellTexts.loading)}</p>
      ) : (
        <ul class="users" data-testid="users">
          {users.map((user) => (
            <UserRow key={user.name} user={user} after={loading.again} />
          ))}
        </ul>
      )}
      <AddUser after={loading.again} />
    </>
  );
}

function UserRow({ user, after }: { readonly user: User; readonly after: () => void }): JSX.Element {
  const { name, role, createdMs, lastSeenMs } = user;
  const setting = useSignal(false);
  const isMe = session.value?.user === name;
  const path = `/users/${encodeURIComponent(name)}`;
  const done = (): void => {
    showToast({ mood: "good", text: t(userTexts.saved) });
    after();
  };
  const remove = (): void => {
    if (confirm(t(userTexts.removeAsk, { name }))) call("DELETE", path).then(done).catch(showFailure);
  };
  return (
    <li class="card" data-testid={`user-${name}`}>
      <div>
        <strong>{name}</strong> {isMe && <span class="sign">{t(userTexts.me)}</span>}
        <small>
          {t(userTexts.created)} {momentText(createdMs)} · {t(userTexts.lastSeen)}{" "}
          {lastSeenMs === null ? t(userTexts.never) : momentText(lastSeenMs)}
        </small>
      </div>
      <RoleChoice
        label={t(userTexts.roleOf, { name })}
        value={role}
        change={(next) => {
          call("PATCH", path, { body: { role: next } })
            .then(done)
            .catch((error: unknown) => {
              showFailure(error);
              after();
            });
        }}
      />
      {role === "viewer" && (
        <CameraChoice
          name={name}
          chosen={user.cameras}
          change={(next) => {
            call("PATCH", path, { body: { cameras: next } })
              .then(done)
              .catch((error: unknown) => {
                showFailure(error);
                after();
              });
          }}
        />
      )}
      <div class="row">
        <button type="button" class="plain" onClick={() => (setting.value = true)}>
          {t(userTexts.setPassword)}
        </button>
        {!isMe && (
          <button type="button" class="plain" data-testid={`remove-${name}`} onClick={remove}>
            {t(userTexts.remove)}
          </button>
        )}
      </div>
      {setting.value && (
        <PasswordDialog
          name={name}
          close={() => (setting.value = false)}
          set={async (password) => {
            await call("PATCH", path, { body: { password } });
            done();
          }}
        />
      )}
    </li>
  );
}

function PasswordDialog(parts: {
  readonly name: string;
  readonly close: () => void;
  readonly set: (password: string) => Promise<void>;
}): JSX.Element {
  const { name, close, set } = parts;
  return (
    <Dialog title={t(userTexts.setPasswordOf, { name })} close={close} testid="password-dialog">
      <form
        class="stack"
        onSubmit={(event) => {
          set(field(event)("password")).then(close).catch(showFailure);
        }}
      >
        <label>
          {t(userTexts.next)}
          <input name="password" type="password" autocomplete="new-password" minLength={leastPassword} required />
        </label>
        <div class="row">
          <button>{t(userTexts.setPassword)}</button>
        </div>
      </form>
    </Dialog>
  );
}

function AddUser({ after }: { readonly after: () => void }): JSX.Element {
  const role = useSignal<Role>("technician");
  const add = (form: HTMLFormElement, name: string, password: string): void => {
    call<User>("POST", "/users", { body: { name, role: role.value, password } })
      .then(() => {
        showToast({ mood: "good", text: t(userTexts.added, { name }) });
        form.reset();
        after();
      })
      .catch(showFailure);
  };
  return (
    <form
      class="card stack narrow"
      data-testid="add-user"
      onSubmit={(event) => {
        const form = event.currentTarget;
        const of = field(event);
        add(form, of("name").trim(), of("password"));
      }}
    >
      <h2>{t(userTexts.add)}</h2>
      <label>
        {t(userTexts.name)}
        <input name="name" autocomplete="off" maxLength={64} required />
      </label>
      <div>
        {t(userTexts.role)}
        <RoleChoice label={t(userTexts.role)} value={role.value} change={(next) => (role.value = next)} />
      </div>
      <label>
        {t(userTexts.next)}
        <input name="password" type="password" autocomplete="new-password" minLength={leastPassword} required />
      </label>
      <div class="row">
        <button>{t(userTexts.add)}</button>
      </div>
    </form>
  );
}
