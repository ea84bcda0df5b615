/** What the doctor finds: plain data, words in the reader's language. */
import type { GatewayError } from "../runtime/errors.ts";
import type { CommandIo } from "./command.ts";

/** Part of the report. */
export type Section = "doctorBox" | "doctorConfig" | "doctorCameras" | "doctorModels" | "doctorUplinks";

/** One line of it. */
export interface Finding {
  readonly section: Section;
  /** fine; warning: works, but not well or not for long; problem: does not work. */
  readonly verdict: "fine" | "warning" | "problem";
  readonly text: string;
  /** For `xueliang explain`; null where the text says all. */
  readonly code: string | null;
}

export function fine(section: Section, text: string): Finding {
  return { section, verdict: "fine", text, code: null };
}

export function poor(section: Section, text: string): Finding {
  return { section, verdict: "warning", text, code: null };
}

export function wrong(section: Section, text: string, code: string | null = null): Finding {
  return { section, verdict: "problem", text, code };
}

/** A named error as a problem: its sentence, its remedy, its code. */
export function failed(section: Section, error: GatewayError, { language }: CommandIo): Finding {
  return wrong(section, `${error.say(language)}  [${error.code}]\n${error.hint(language)}`, error.code);
}
