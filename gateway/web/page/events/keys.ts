/** Single keys of the events' pages; they can be switched off, for those whose device sends letters of its own. */
import { useLayoutEffect } from "preact/hooks";
import { storedChoice } from "../shell/stored.ts";

/** Whether letters alone do something. */
export const singleKeys = storedChoice("event-keys", ["on", "off"]);

const typing = "input, textarea, select, [contenteditable], dialog[open]";
/** Space presses these; it must not do something else besides. */
const pressed = "button, a, summary, video";

/** Calls `keys[key]` for letters typed nowhere in particular, while the component is drawn. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  // With the buttons themselves, not after the next paint: what is seen can be pressed.
  useLayoutEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (singleKeys.value === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest(typing) || document.querySelector("dialog[open]")) return;
      if (event.key === " " && target?.closest(pressed)) return;
      const run = keys[event.key.toLowerCase()];
      if (!run) return;
      event.preventDefault();
      run();
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  });
}
