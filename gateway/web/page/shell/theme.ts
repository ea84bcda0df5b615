/** Dark, light, or high contrast for sunlight; large targets for gloves. */
import { effect } from "@preact/signals";
import { storedChoice } from "./stored.ts";

/** Themes; `system` follows the device. */
export const themes = ["system", "dark", "light", "outdoor"] as const;

export const theme = storedChoice("theme", themes);
export const gloves = storedChoice("gloves", ["off", "on"]);
/** Fewer and smaller pictures. */
export const saving = storedChoice("saving", ["off", "on"]);

effect(() => {
  const root = document.documentElement;
  if (theme.value === "system") root.removeAttribute("data-theme");
  else root.dataset["theme"] = theme.value;
  root.dataset["gloves"] = gloves.value;
});
