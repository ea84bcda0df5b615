/** The files in the editor, what the box says of them while one types, and apply. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ConfigChecked, Diagnostic } from "../../api.ts";
import { clockText, language, t } from "../shell/language.ts";
import { configState } from "../shell/live.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { said, showFailure } from "../shell/say-failure.ts";
import { may } from "../shell/session.ts";
import { showToast } from "../shell/toasts.tsx";
import { configTexts } from "../texts/config.ts";
import { shellTexts } from "../texts/shell.ts";
import * as desk from "./desk.ts";
import { Clash } from "./clash.tsx";
import type { YamlEditor } from "./yaml-editor.ts";

const goTo = { current: null as ((line: number, column: number) => void) | null };

/** The panel. */
export function FilesPanel(): JSX.Element {
  const loading = useLoading(desk.open, [configState.value?.onDisk]);
  if (loading.error.value) return <Trouble error={loading.error.value} retry={loading.again} />;
  if (loading.value.value === null) return <p class="empty">{t(shellTexts.loading)}</p>;
  if (!may("admin")) return <p class="empty">{t(configTexts.onlyAdmin)}</p>;
  return (
    <div class="stack">
      <div class="row" role="group" aria-label={t(configTexts.files)}>
        {desk.names.value.map((name) => (
          <button
            key={name}
            type="button"
            class="plain"
            data-testid={`file-${name}`}
            aria-pressed={desk.chosen.value === name}
            onClick={() => (desk.chosen.value = name)}
          >
            {name}
            {desk.changed.value[name] !== undefined && " *"}
          </button>
        ))}
      </div>
      <Clash />
      <Editor name={desk.chosen.value} />
      <Verdict />
    </div>
  );
}

function Editor({ name }: { readonly name: string }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const editor = useSignal<YamlEditor | null>(null);
  const failed = useSignal(false);
  useEffect(() => {
    let closed = false;
    import("./yaml-editor.ts").then(
      ({ openYaml }) => {
        if (closed || !host.current) return;
        editor.value = openYaml(host.current, {
          name: t(configTexts.editorName, { file: name }),
          readOnly: false,
          changed: (text) => desk.edit(name, text),
        });
        editor.value.load(desk.textOf(name));
        goTo.current = editor.value.goTo;
      },
      () => (failed.value = true),
    );
    return () => {
      closed = true;
      goTo.current = null;
      editor.value?.close();
      editor.value = null;
    };
  }, [name]);
  // What the box has changed, or the desk was cleared: the text of the desk is the truth, not the editor's.
  const text = desk.changed.value[name] === undefined ? desk.base.value[name] : null;
  useEffect(() => {
    if (text !== null && text !== undefined) editor.value?.load(text);
  }, [text]);
  const found = desk.diagnosticsOf(name);
  useEffect(() => {
    editor.value?.mark(found, (one) => `${said(one.text)} ${said(one.hint)}`);
  }, [editor.value, desk.checked.value, language.value, text]);
  return (
    <div class="yaml-frame">
      {failed.value && <p class="trouble">{t(shellTexts.loadFailed)}</p>}
      {editor.value === null && !failed.value && <p class="empty">{t(configTexts.loadingEditor)}</p>}
      <div ref={host} class="yaml-host" data-testid="yaml-host" />
      <small>{t(configTexts.editorKeys)}</small>
    </div>
  );
}

/** Mistakes, what would change, what would start anew, and the buttons. */
function Verdict(): JSX.Element {
  const checked = desk.checked.value;
  const errors = (checked?.diagnostics ?? []).filter(({ severity }) => severity === "error").length;
  const count = Object.keys(desk.changed.value).length;
  const apply = async (): Promise<void> => {
    const applied = await desk.apply();
    if (applied === null) return;
    const what = applied.changes.map(said).join(" · ");
    const remedy =
      applied.confirmByMs === undefined
        ? undefined
        : t(configTexts.confirmBy, { time: clockText(applied.confirmByMs) });
    const text = applied.changed ? t(configTexts.applied, { what }) : t(configTexts.nothing);
    showToast({ mood: "good", text, remedy });
  };
  return (
    <section class="card stack" data-testid="verdict">
      <div class="row">
        <strong class="grow">{count === 0 ? "" : t(configTexts.changedFiles, { count })}</strong>
        <button
          type="button"
          class="plain"
          data-testid="config-discard"
          disabled={count === 0}
          onClick={() => desk.discard()}
        >
          {t(configTexts.discard)}
        </button>
        <button
          type="button"
          data-testid="config-apply"
          disabled={count === 0 || errors > 0 || desk.busy.value || desk.checking.value}
          onClick={() => void apply().catch(showFailure)}
        >
          {t(configTexts.apply)}
        </button>
      </div>
      <p role="status" class={errors > 0 ? "bad" : ""} data-testid="config-status" data-errors={errors}>
        {statusText(checked, count)}
      </p>
      {checked && <Diagnostics found={checked.diagnostics} />}
      {checked && checked.changes.length > 0 && (
        <>
          <h3>{t(configTexts.willChange)}</h3>
          <ul>
            {checked.changes.map((one) => (
              <li key={one.en}>{said(one)}</li>
            ))}
          </ul>
        </>
      )}
      {checked && checked.reload.length > 0 && (
        <>
          <h3>{t(configTexts.willReload)}</h3>
          <ul>
            {checked.reload.map(({ what, camera }) => (
              <li key={`${what} ${camera ?? ""}`}>{reloadText(what, camera)}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function statusText(checked: ConfigChecked | null, count: number): string {
  if (desk.checking.value) return t(configTexts.checking);
  if (checked === null) return count === 0 ? "" : t(configTexts.checking);
  if (checked.diagnostics.length === 0) return `✓ ${t(configTexts.good)}`;
  const errors = checked.diagnostics.filter(({ severity }) => severity === "error").length;
  return `▲ ${t(configTexts.mistakes, { errors, warnings: checked.diagnostics.length - errors })}`;
}

const reloads = {
  rules: configTexts.reloadRules,
  camera: configTexts.reloadCamera,
  analysis: configTexts.reloadAnalysis,
  delivery: configTexts.reloadDelivery,
  web: configTexts.reloadWeb,
} as const;

/** What starts anew, in words. */
export function reloadText(what: string, camera: string | null): string {
  const text = Object.hasOwn(reloads, what) ? reloads[what as keyof typeof reloads] : null;
  return text === null ? what : t(text, { camera: camera ?? "–" });
}

/** Mistakes as a list; each leads to its place. */
export function Diagnostics({ found }: { readonly found: readonly Diagnostic[] }): JSX.Element | null {
  // Whoever sees some cameras only is told how many there are, not where.
  const told = found.filter(({ file }) => file !== "");
  if (told.length === 0) return null;
  const show = ({ file, line, column }: Diagnostic): void => {
    const name = desk.names.value.find((one) => file === one || file.endsWith(`/${one}`));
    if (name === undefined) return;
    const isOpen = desk.chosen.value === name;
    desk.chosen.value = name;
    if (isOpen) goTo.current?.(line, column);
  };
  return (
    <ul class="diagnostics" data-testid="diagnostics">
      {told.map((one) => (
        <li key={`${one.file} ${one.pointer} ${one.text.en}`} class={one.severity === "error" ? "bad" : "warn"}>
          <button type="button" class="link" onClick={() => show(one)}>
            {one.file}:{one.line}:{one.column}
          </button>{" "}
          <span aria-hidden="true">{one.severity === "error" ? "▲" : "△"}</span> {said(one.text)}
          <small>
            {said(one.hint)} <code>{one.code}</code>
          </small>
        </li>
      ))}
    </ul>
  );
}
