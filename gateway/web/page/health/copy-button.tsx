/** Copies a text; on plain HTTP the browser has no clipboard for pages, so a selection does it. */
import type { JSX } from "preact";
import type { Text } from "../../../runtime/texts/fill.ts";
import { t } from "../shell/language.ts";
import { showToast } from "../shell/toasts.tsx";
import { healthTexts } from "../texts/health.ts";
import { shellTexts } from "../texts/shell.ts";

/** The button; `text` is asked for when it is pressed. */
export function CopyButton({ text, label }: { readonly text: () => string; readonly label: Text }): JSX.Element {
  const copy = (): void => {
    const good = copyText(text());
    showToast({ mood: good ? "good" : "bad", text: t(good ? healthTexts.copied : shellTexts.failed) });
  };
  return (
    <button type="button" class="plain" onClick={copy}>
      {t(label)}
    </button>
  );
}

function copyText(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  // Deprecated, and the only way where the page is not a secure context: a box in the field has no certificate.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const good = document.execCommand("copy");
  area.remove();
  return good;
}
