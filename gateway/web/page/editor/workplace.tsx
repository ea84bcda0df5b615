/** One camera's editor: head, stage, tools, panels, keys. */
import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CameraView } from "../../api.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { afterHand } from "../shell/hand.ts";
import { t } from "../shell/language.ts";
import { onLive, tellEditing } from "../shell/live.ts";
import { goTo, place } from "../shell/router.ts";
import { may } from "../shell/session.ts";
import { editorTexts } from "../texts/editor.ts";
import { shellTexts } from "../texts/shell.ts";
import { loadCatalogue } from "./catalogue.ts";
import { ratiosDiffer } from "./core/copying.ts";
import { dwellText } from "./core/live-marks.ts";
import { shapeAt, type ShapeRef } from "./core/shape.ts";
import { deskOf, type Desk } from "./desk.ts";
import { pressKey } from "./keys.ts";
import { BackgroundMenu, ConflictDialog, CopyDialog, DraftBar, KeysDialog, StatusLine } from "./lazy-dialogs.ts";
import { ratioOf } from "./ratio.ts";
import { Sheet } from "./sheet.tsx";
import { Stage } from "./stage.tsx";
import { Toolbar } from "./toolbar.tsx";

/** Everything of one camera. */
export function Workplace({
  camera,
  all,
}: {
  readonly camera: CameraView;
  readonly all: readonly CameraView[];
}): JSX.Element {
  const desk = deskOf(camera.id);
  const opening = useLoading((abort) => desk.open(abort), [camera.id]);
  const draws = may("technician");
  const keys = useSignal(false);
  const copying = useSignal<ShapeRef | null>(null);
  // Of its own: a frame must not draw the whole workplace anew.
  const told = useComputed(() => desk.header.value && desk.header.value.w / desk.header.value.h).value;
  const ratio = told ?? ratioOf(camera);
  const ratioBefore = useRef(told);
  useEffect(() => {
    if (ratioBefore.current !== null && told !== null && ratiosDiffer(ratioBefore.current, told))
      desk.editor.say(editorTexts.ratioChanged);
    if (told !== null) ratioBefore.current = told;
  }, [told]);
  useEffect(() => watchDesk(desk, draws), [desk, draws]);
  useEffect(() => exposeForTests(desk), [desk]);
  const setting = place.value.filters["setting"] ?? "";
  useEffect(() => {
    // Few come by such an address: whoever draws does not pay for it.
    if (desk.loaded.value && setting !== "")
      void import("./asked-setting.ts").then(({ openSetting }) => openSetting(desk, setting));
  }, [desk, desk.loaded.value, setting]);
  const actions = {
    freeze: () => {
      desk.frozen.value = !desk.frozen.value;
    },
    showKeys: () => {
      keys.value = true;
    },
    copy: () => void import("./dialogs.tsx").then(({ copyShape }) => copyShape(desk.editor, ratio)),
    paste: () => {
      if (draws) void import("./dialogs.tsx").then(({ pasteShape }) => pasteShape(desk.editor, ratio));
    },
  };
  // Of the window and not of the stage: the focus falls away with a vertex that is deleted, the keys must not.
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!draws || isTyping(event)) return;
      if (pressKey(desk.editor, actions, event)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
  if (!desk.loaded.value)
    return opening.error.value ? (
      <Trouble error={opening.error.value} retry={opening.again} />
    ) : (
      <p class="empty">{t(shellTexts.loading)}</p>
    );
  // Asked only while it is needed: each step of a drag would draw the whole workplace anew.
  const copied = copying.value && shapeAt(desk.editor.rules.value, copying.value);
  return (
    <div class="editor" data-testid="editor">
      <header class="editor-head">
        <h1 class="unseen">{t(editorTexts.title, { camera: camera.name })}</h1>
        <label class="camera-choice">
          <span class="unseen">{t(editorTexts.chooseCamera)}</span>
          <select
            data-testid="camera"
            value={camera.id}
            onChange={(event) => goTo(`/zones/${event.currentTarget.value}`)}
          >
            {all.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <BackgroundMenu desk={desk} />
        <DraftBar desk={desk} may={draws} />
      </header>
      <div class="stage-box">
        <Stage desk={desk} name={camera.name} ratio={ratio} />
        <StatusLine desk={desk} />
      </div>
      <Toolbar desk={desk} may={draws} />
      <Sheet
        desk={desk}
        may={draws}
        copyTo={(ref) => {
          copying.value = { kind: ref.kind, id: ref.id };
        }}
      />
      <ConflictDialog desk={desk} />
      {keys.value && <KeysDialog close={() => void (keys.value = false)} />}
      {copied && <CopyDialog from={camera.id} shape={copied} close={() => void (copying.value = null)} />}
    </div>
  );
}

/** A field and a dialogue keep all their keys, a button those that press it. */
function isTyping({ target, key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  // A slider and a choice have no undo of their own.
  if ((ctrlKey || metaKey) && target.closest("input[type=range], select") !== null) return false;
  if (target.closest("input:not([type=checkbox], [type=radio]), select, textarea, dialog") !== null) return true;
  return (key === " " || key === "Enter") && target.closest("button, a, input, summary") !== null;
}

function watchDesk(desk: Desk, draws: boolean): () => void {
  const stop = onLive((message) => {
    if (message.kind === "config") void desk.open().catch(() => undefined);
  });
  if (draws) tellEditing(desk.camera);
  void loadCatalogue().catch(() => undefined);
  void desk.learnWidth().catch(() => undefined);
  return () => {
    stop();
    tellEditing(null);
  };
}

/** A test looks into the editor only when it says so before the page is opened. */
function exposeForTests(desk: Desk): void {
  if (sessionStorage.getItem("xueliang.test") === null) return;
  const { editor } = desk;
  Reflect.set(window, "__zoneEditor", {
    getState: () => ({
      rules: editor.drawn,
      selected: editor.selected.value,
      vertex: editor.vertex.value,
      state: editor.state.value.name,
      view: editor.view.value,
      past: editor.history.value.past.length,
      future: editor.history.value.future.length,
      revision: desk.revision.value,
      base: desk.base.value,
      marks: desk.marks.map((mark) => ({ zone: mark.zone?.id ?? null, anchor: mark.anchor, dwell: dwellText(mark) })),
    }),
    feed: (header: NonNullable<Desk["header"]["value"]>) => {
      afterHand(desk, () => {
        desk.header.value = header;
      });
    },
  });
}
