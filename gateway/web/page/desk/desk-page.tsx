/** A page with a desk for each camera: which camera, what is not applied, and the question before one leaves it. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { CameraView } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { askBeforeLeaving, place, setFilters } from "../shell/router.ts";
import { said, showFailure } from "../shell/say-failure.ts";
import { may } from "../shell/session.ts";
import { showToast } from "../shell/toasts.tsx";
import { deskTexts } from "../texts/desk.ts";
import { shellTexts } from "../texts/shell.ts";
import type { AnyDesk, Desks } from "./desk.ts";
import "../events/events.css";
import "./desk.css";

/** `name` begins the page's path and its test ids; `children` draws one camera's desk once it is loaded. */
export function DeskPage<D extends AnyDesk>(parts: {
  readonly name: "water" | "schedules";
  readonly title: Text;
  readonly about: Text;
  readonly overtaken: Text;
  readonly desks: Desks<D>;
  readonly children: (desk: D, camera: CameraView, may: boolean) => ComponentChildren;
}): JSX.Element {
  const { name, title, about, overtaken, desks, children } = parts;
  const all = cameras.value;
  useEffect(() => guardLeaving(name, desks), []);
  if (all === null) return <p class="empty">{t(shellTexts.loading)}</p>;
  const camera = all.find(({ id }) => id === place.value.filters["camera"]) ?? all[0];
  return (
    <section class={`stack desk-page ${name}-page`}>
      <div class="row head-row">
        <h1>{t(title)}</h1>
        <label class="row">
          {t(deskTexts.camera)}
          <select
            data-testid={`${name}-camera`}
            value={camera?.id ?? ""}
            onChange={(event) => setFilters({ camera: event.currentTarget.value })}
          >
            {all.map(({ id, name: cameraName }) => (
              <option key={id} value={id}>
                {cameraName}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="note">{t(about)}</p>
      {camera && (
        <OfCamera key={camera.id} desk={desks.of(camera.id)} overtaken={overtaken}>
          {(desk, mayEdit) => children(desk, camera, mayEdit)}
        </OfCamera>
      )}
    </section>
  );
}

function guardLeaving(name: string, desks: { readonly anyChanged: boolean }): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    if (desks.anyChanged) event.preventDefault();
  };
  window.addEventListener("beforeunload", ask);
  const stay = askBeforeLeaving(
    ({ path }) => path.startsWith(`/${name}`) || !desks.anyChanged || confirm(t(deskTexts.leave)),
  );
  return () => {
    window.removeEventListener("beforeunload", ask);
    stay();
  };
}

function OfCamera<D extends AnyDesk>(parts: {
  readonly desk: D;
  readonly overtaken: Text;
  readonly children: (desk: D, may: boolean) => ComponentChildren;
}): JSX.Element {
  const { desk, overtaken, children } = parts;
  const loading = useLoading((signal) => desk.open(signal), [desk.camera]);
  const mayEdit = may("technician");
  useUndoKey(() => desk.undo());
  if (loading.error.value) return <Trouble error={loading.error.value} retry={loading.again} />;
  if (!desk.loaded.value) return <p class="empty">{t(shellTexts.loading)}</p>;
  return (
    <>
      {mayEdit && <DraftHead desk={desk} overtaken={overtaken} />}
      {children(desk, mayEdit)}
    </>
  );
}

/** Ctrl+Z anywhere on the page, except where it takes back what is being typed. */
function useUndoKey(undo: () => void): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || typing) return;
      event.preventDefault();
      undo();
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
}

/** Changed or not, undo, discard, apply, and what the box says. */
function DraftHead({ desk, overtaken }: { readonly desk: AnyDesk; readonly overtaken: Text }): JSX.Element {
  const changed = desk.changed.value;
  const apply = async (): Promise<void> => {
    const applied = await desk.apply();
    if (applied === null) return;
    const what = applied.changes.map(said).join(" · ");
    showToast({ mood: "good", text: t(applied.changed ? deskTexts.applied : deskTexts.nothing, { what }) });
  };
  return (
    <div class="card row draft-head" data-testid="draft-head">
      <strong>{t(changed ? deskTexts.changed : deskTexts.unchanged)}</strong>
      <div class="row">
        <button
          type="button"
          class="plain"
          data-testid="undo"
          disabled={!desk.canUndo.value}
          onClick={() => desk.undo()}
        >
          {t(deskTexts.undo)}
        </button>
        <button type="button" class="plain" data-testid="discard" disabled={!changed} onClick={() => desk.discard()}>
          {t(deskTexts.discard)}
        </button>
        <button
          type="button"
          data-testid="apply"
          disabled={!changed || desk.busy.value}
          onClick={() => void apply().catch(showFailure)}
        >
          {t(deskTexts.apply)}
        </button>
      </div>
      {desk.overtaken.value && (
        <p class="bad" role="alert">
          {t(overtaken)}
        </p>
      )}
      {desk.diagnostics.value.length > 0 && (
        <ul class="trouble" role="alert" data-testid="diagnostics">
          {desk.diagnostics.value.map(({ pointer, text, hint }) => (
            <li key={`${pointer} ${text.en}`}>
              <code>{pointer}</code> {said(text)} {said(hint)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
