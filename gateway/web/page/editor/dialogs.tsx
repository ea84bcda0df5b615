/** Dialogues of the editor: rarely open, so in a chunk of their own. */
export { ChangesDialog } from "./changes-dialog.tsx";
export { ConflictDialog } from "./conflict-dialog.tsx";
export { CopyDialog } from "./copy-dialog.tsx";
export { KeysDialog } from "./keys-dialog.tsx";
export { BackgroundMenu } from "./background-menu.tsx";
