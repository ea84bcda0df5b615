/** The panels beside the stage, in a chunk of their own: the picture and the tools do not wait for them. */
export { ShapesPanel } from "../editor/shapes-panel.tsx";
export { PreviewPanel } from "./preview-panel.tsx";
export { SettingsPanel } from "./settings-panel.tsx";
