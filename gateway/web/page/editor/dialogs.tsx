/** What the first sight of the stage does without, in a chunk of its own. */
export { DraftBar } from "./draft-bar.tsx";
export { Loupe } from "./loupe.tsx";
export { ConflictDialog } from "./conflict-dialog.tsx";
export { CopyDialog } from "./copy-dialog.tsx";
export { KeysDialog } from "./keys-dialog.tsx";
export { copyShape, pasteShape } from "./clipboard.ts";
export { BackgroundMenu } from "./background-menu.tsx";
export { StatusLine } from "./status-line.tsx";
export { CameraChoice } from "./camera-choice.tsx";
export { LiveLayer } from "./live-layer.tsx";
export { SketchView } from "./sketch-view.tsx";
export { TrialLayer } from "./trial-layer.tsx";
export { LineSigns } from "./line-signs.tsx";
export { Way } from "./way.tsx";
export { Still } from "./still.tsx";
