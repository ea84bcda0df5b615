/** Where the dialogues come from. */
import { lazy } from "../parts/lazy.tsx";

export const DraftBar = lazy(async () => (await import("./dialogs.tsx")).DraftBar);
export const Loupe = lazy(async () => (await import("./dialogs.tsx")).Loupe);
export const ConflictDialog = lazy(async () => (await import("./dialogs.tsx")).ConflictDialog);
export const CopyDialog = lazy(async () => (await import("./dialogs.tsx")).CopyDialog);
export const KeysDialog = lazy(async () => (await import("./dialogs.tsx")).KeysDialog);
export const BackgroundMenu = lazy(async () => (await import("./dialogs.tsx")).BackgroundMenu);
export const StatusLine = lazy(async () => (await import("./dialogs.tsx")).StatusLine);
export const CameraChoice = lazy(async () => (await import("./dialogs.tsx")).CameraChoice);
export const LiveLayer = lazy(async () => (await import("./dialogs.tsx")).LiveLayer);
export const TrialLayer = lazy(async () => (await import("./dialogs.tsx")).TrialLayer);
export const SketchView = lazy(async () => (await import("./dialogs.tsx")).SketchView);
export const LineSigns = lazy(async () => (await import("./dialogs.tsx")).LineSigns);
export const Way = lazy(async () => (await import("./dialogs.tsx")).Way);
export const Still = lazy(async () => (await import("./dialogs.tsx")).Still);
