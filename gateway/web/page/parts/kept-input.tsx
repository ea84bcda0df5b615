/** A field that is taken when one leaves it, and keeps what is being typed while the page around it is drawn anew. */
import { useSignal } from "@preact/signals";
import type { InputHTMLAttributes, JSX } from "preact";

/** `take` gets the field once its value is meant: on leaving it, or on Enter. */
export function KeptInput(
  parts: Omit<InputHTMLAttributes, "value" | "onInput" | "onChange" | "onBlur"> & {
    readonly value: string | number;
    readonly take: (field: HTMLInputElement) => void;
  },
): JSX.Element {
  const { value, take, ...others } = parts;
  /** Null: nobody types, the field shows what is in force. */
  const typed = useSignal<string | null>(null);
  return (
    <input
      {...(others as object)}
      value={typed.value ?? value}
      onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
      onChange={({ currentTarget }) => take(currentTarget)}
      onBlur={() => (typed.value = null)}
    />
  );
}
