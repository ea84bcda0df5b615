/**
 * The YAML editor: CodeMirror in a shadow root. There its styles are adopted sheets, which the page's policy allows; in the
 * document it would add style elements, which it forbids. It knows nothing of our keys: mistakes come from the box.
 */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic as Mark } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Diagnostic } from "../../api.ts";

const theme = EditorView.theme({
  "&": { backgroundColor: "var(--card)", color: "var(--ink)", height: "min(60vh, 40rem)", fontSize: "0.92rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "ui-monospace, Menlo, Consolas, monospace", lineHeight: "1.5", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--soft)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--picked)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--line) !important" },
  ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "3px double var(--bad)" },
  ".cm-lintRange-warning": { backgroundImage: "none", borderBottom: "2px dashed var(--warn)" },
  ".cm-tooltip": {
    backgroundColor: "var(--card)",
    color: "var(--ink)",
    border: "1px solid var(--line)",
    maxWidth: "min(32rem, 90vw)",
  },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-panels": { backgroundColor: "var(--card)", color: "var(--ink)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--accent)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: [tags.string, tags.attributeValue], color: "var(--good)" },
]);

/** One editor. */
export interface YamlEditor {
  /** Another text, another history. */
  readonly load: (text: string) => void;
  /** Where the box found mistakes; `say` turns one into words. */
  readonly mark: (found: readonly Diagnostic[], say: (one: Diagnostic) => string) => void;
  /** Puts the cursor there and the focus into the text; both count from 1. */
  readonly goTo: (line: number, column: number) => void;
  readonly close: () => void;
}

/** Opens an editor in `host`; `changed` hears every text that was typed. */
export function openYaml(
  host: HTMLElement,
  options: { readonly name: string; readonly readOnly: boolean; readonly changed: (text: string) => void },
): YamlEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const frame = document.createElement("div");
  root.replaceChildren(frame);
  const access = new Compartment();
  let loading = false;
  const state = (text: string): EditorState =>
    EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        yaml(),
        syntaxHighlighting(colours),
        lintGutter(),
        theme,
        // Tab is not taken: the keyboard's way out of the editor (WCAG 2.1.2).
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        EditorView.contentAttributes.of({ "aria-label": options.name, "data-testid": "yaml", tabindex: "0" }),
        access.of(EditorState.readOnly.of(options.readOnly)),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !loading) options.changed(update.state.doc.toString());
        }),
      ],
    });
  const view = new EditorView({ state: state(""), parent: frame, root });
  return {
    load: (text) => {
      loading = true;
      view.setState(state(text));
      loading = false;
    },
    mark: (found, say) => {
      const { doc } = view.state;
      const marks = found.map((one): Mark => {
        const line = doc.line(Math.min(Math.max(1, one.line), doc.lines));
        const from = Math.min(line.from + Math.max(0, one.column - 1), line.to);
        return { from, to: Math.min(doc.length, from + one.length), severity: one.severity, message: say(one) };
      });
      view.dispatch(setDiagnostics(view.state, marks));
    },
    goTo: (line, column) => {
      const { doc } = view.state;
      const at = doc.line(Math.min(Math.max(1, line), doc.lines));
      const anchor = Math.min(at.from + Math.max(0, column - 1), at.to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      view.focus();
    },
    close: () => view.destroy(),
  };
}
