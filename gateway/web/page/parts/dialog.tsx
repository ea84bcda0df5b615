/** A dialogue over the page: the element of the browser, so that focus, Escape and the screen reader behave. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../shell/language.ts";
import { shellTexts } from "../texts/shell.ts";

/** Open as long as it is drawn; Escape, the cross and a click beside it close it. */
export function Dialog(parts: {
  readonly title: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
  readonly testid?: string;
}): JSX.Element {
  const { title, close, children, testid } = parts;
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      aria-label={title}
      data-testid={testid}
      onClose={close}
      onClick={(event) => {
        if (event.target === element.current) close();
      }}
    >
      <div class="dialog-head row">
        <h2>{title}</h2>
        <button type="button" class="plain icon" aria-label={t(shellTexts.close)} onClick={close}>
          ✕
        </button>
      </div>
      {children}
    </dialog>
  );
}
