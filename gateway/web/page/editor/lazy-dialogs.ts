/** Where the dialogues come from. */
import { lazy } from "../parts/lazy.tsx";

export const ChangesDialog = lazy(async () => (await import("./dialogs.tsx")).ChangesDialog);
export const ConflictDialog = lazy(async () => (await import("./dialogs.tsx")).ConflictDialog);
export const CopyDialog = lazy(async () => (await import("./dialogs.tsx")).CopyDialog);
export const KeysDialog = lazy(async () => (await import("./dialogs.tsx")).KeysDialog);
export const BackgroundMenu = lazy(async () => (await import("./dialogs.tsx")).BackgroundMenu);
