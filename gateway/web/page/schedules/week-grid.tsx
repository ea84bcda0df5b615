/** The week as 7 × 48 half-hours and a row for holidays: painted with mouse, finger or keys. */
import { useSignal } from "@preact/signals";
import type { HTMLAttributes, JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Schedule, Weekday } from "../../api.ts";
import { t } from "../shell/language.ts";
import { storedChoice } from "../shell/stored.ts";
import { scheduleTexts } from "../texts/schedules.ts";
import { fixedWindow, type Site } from "./core/armed.ts";
import {
  coverage,
  days,
  edgeOf,
  movesWithSun,
  painted,
  slotMin,
  slotsPerDay,
  weekOf,
  withWeek,
  type Week,
} from "./core/week.ts";

interface Cell {
  readonly day: number;
  readonly slot: number;
}

/** What the grid needs. */
export interface GridParts {
  readonly schedule: Schedule;
  readonly site: Site;
  readonly now: { readonly day: number; readonly minute: number };
  readonly may: boolean;
  /** The first change of a stroke is a step; those after it go on with it. */
  readonly change: (schedule: Schedule, isFirst: boolean) => void;
  readonly copyDay: (day: Weekday) => void;
}

const coarse = matchMedia("(pointer: coarse)").matches;
const drag = storedChoice("schedule-drag", coarse ? ["off", "on"] : ["on", "off"]);
const slots = Array.from({ length: slotsPerDay }, (_, slot) => slot);

/** The grid. */
export function WeekGrid({ schedule, site, now, may, change, copyDay }: GridParts): JSX.Element {
  const windows = schedule.windows ?? [{ from: "00:00", to: "24:00" }];
  const week = weekOf(windows);
  const sunWeek = weekOf(windows.filter(movesWithSun).map((window) => fixedWindow(window, site.sun)));
  const cursor = useSignal<Cell>({ day: 0, slot: 0 });
  const grid = useRef<HTMLDivElement>(null);
  const stroke = useStroke((cells, arm, isFirst) => {
    const next = cells.reduce<Week>(
      (sum, { day, slot }) => painted(sum, day, [slot * slotMin, (slot + 1) * slotMin], arm),
      week,
    );
    change({ ...schedule, windows: withWeek(windows, next) }, isFirst);
  });
  const isArmed = ({ day, slot }: Cell): boolean => coverage(week, day, slot) === "full";
  const move = (to: Cell): void => {
    cursor.value = { day: Math.min(7, Math.max(0, to.day)), slot: Math.min(slotsPerDay - 1, Math.max(0, to.slot)) };
    const { day, slot } = cursor.value;
    grid.current?.querySelector<HTMLElement>(`[data-day="${day}"][data-slot="${slot}"]`)?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    const from = cursor.value;
    const to = afterKey(event.key, from);
    if (to) {
      event.preventDefault();
      if (event.shiftKey && may) {
        if (!stroke.isOpen()) stroke.begin(from, isArmed(from));
        stroke.reach(to);
      } else stroke.end();
      move(to);
    } else if ((event.key === " " || event.key === "Enter") && may) {
      event.preventDefault();
      stroke.begin(from, !isArmed(from));
      stroke.reach(from);
      stroke.end();
    }
  };
  const pointers = pointersOf({ may, stroke, isArmed, at: (cell) => (cursor.value = cell) });
  return (
    <div class="week-wrap">
      <div
        ref={grid}
        class={`week ${drag.value === "on" ? "dragging" : ""}`}
        role="grid"
        aria-label={t(scheduleTexts.grid, { id: schedule.id })}
        aria-readonly={!may}
        data-testid="week"
        onKeyDown={press}
        onKeyUp={(event) => {
          if (event.key === "Shift") stroke.end();
        }}
        {...pointers}
      >
        <HourHeads />
        {days.map((name, day) => (
          <div key={name} class="week-row" role="row">
            <div class="week-day" role="rowheader" style={{ "--day": day }}>
              {may ? (
                <button
                  type="button"
                  class="link"
                  tabIndex={-1}
                  aria-label={t(scheduleTexts.copyDay, { day: t(scheduleTexts[name]) })}
                  onClick={() => copyDay(name)}
                >
                  {t(scheduleTexts[name])}
                </button>
              ) : (
                t(scheduleTexts[name])
              )}
            </div>
            {slots.map((slot) => {
              const state = coverage(week, day, slot);
              const hatched = coverage(sunWeek, day, slot) !== "none";
              const isNow = day === now.day && slot === Math.floor(now.minute / slotMin);
              return (
                <div
                  key={slot}
                  role="gridcell"
                  class={`half ${state} ${hatched ? "sun" : ""} ${slot % 2 === 0 ? "even" : ""} ${isNow ? "now" : ""}`}
                  style={
                    isNow
                      ? { "--day": day, "--slot": slot, "--at": (now.minute % slotMin) / slotMin }
                      : { "--day": day, "--slot": slot }
                  }
                  data-day={day}
                  data-slot={slot}
                  tabIndex={cursor.value.day === day && cursor.value.slot === slot ? 0 : -1}
                  aria-selected={state === "full"}
                  aria-label={cellName(name, slot, hatched && state === "none" ? "full" : state)}
                  onFocus={() => (cursor.value = { day, slot })}
                />
              );
            })}
          </div>
        ))}
      </div>
      {may && (
        <label class="switch">
          <input
            type="checkbox"
            checked={drag.value === "on"}
            onChange={(event) => (drag.value = event.currentTarget.checked ? "on" : "off")}
          />
          <span>
            {t(scheduleTexts.drag)}
            <small>{t(scheduleTexts.dragAbout)}</small>
          </span>
        </label>
      )}
    </div>
  );
}

function HourHeads(): JSX.Element {
  return (
    <div class="week-row" role="row">
      <div role="columnheader" class="week-corner">
        <span class="unseen">{t(scheduleTexts.days)}</span>
      </div>
      {slots
        .filter((slot) => slot % 2 === 0)
        .map((slot) => (
          <div key={slot} role="columnheader" class="week-hour" style={{ "--slot": slot }}>
            {slot / 2}
          </div>
        ))}
    </div>
  );
}

function cellName(day: Weekday, slot: number, state: "none" | "part" | "full"): string {
  const words = { none: scheduleTexts.notArmed, part: scheduleTexts.part, full: scheduleTexts.armed };
  return t(scheduleTexts.cell, { day: t(scheduleTexts[day]), time: edgeOf(slot * slotMin), state: t(words[state]) });
}

function afterKey(key: string, { day, slot }: Cell): Cell | null {
  switch (key) {
    case "ArrowLeft":
      return { day, slot: slot - 1 };
    case "ArrowRight":
      return { day, slot: slot + 1 };
    case "ArrowUp":
      return { day: day - 1, slot };
    case "ArrowDown":
      return { day: day + 1, slot };
    case "Home":
      return { day, slot: 0 };
    case "End":
      return { day, slot: slotsPerDay - 1 };
    default:
      return null;
  }
}

interface Stroke {
  readonly begin: (cell: Cell, arm: boolean) => void;
  /** Paints the rectangle from where it began. */
  readonly reach: (cell: Cell) => void;
  readonly end: () => void;
  readonly isOpen: () => boolean;
}

function useStroke(paint: (cells: readonly Cell[], arm: boolean, isFirst: boolean) => void): Stroke {
  const open = useRef<{ readonly from: Cell; readonly arm: boolean; painted: boolean; last: string } | null>(null);
  const latest = useRef(paint);
  latest.current = paint;
  return {
    begin: (from, arm) => {
      open.current = { from, arm, painted: false, last: "" };
    },
    reach: ({ day, slot }) => {
      const now = open.current;
      if (!now || now.last === `${day} ${slot}`) return;
      const [d0, d1] = [Math.min(now.from.day, day), Math.max(now.from.day, day)];
      const [s0, s1] = [Math.min(now.from.slot, slot), Math.max(now.from.slot, slot)];
      const cells: Cell[] = [];
      for (let d = d0; d <= d1; d += 1) for (let s = s0; s <= s1; s += 1) cells.push({ day: d, slot: s });
      const isFirst = !now.painted;
      now.painted = true;
      now.last = `${day} ${slot}`;
      latest.current(cells, now.arm, isFirst);
    },
    end: () => {
      open.current = null;
    },
    isOpen: () => open.current !== null,
  };
}

type Pointers = Pick<
  HTMLAttributes<HTMLDivElement>,
  "onPointerDown" | "onPointerMove" | "onPointerUp" | "onPointerCancel" | "onClick"
>;

/** A drag paints with mouse and, when wanted, with a finger; otherwise a tap does. */
function pointersOf(parts: {
  readonly may: boolean;
  readonly stroke: Stroke;
  readonly isArmed: (cell: Cell) => boolean;
  readonly at: (cell: Cell) => void;
}): Pointers {
  const { may, stroke, isArmed, at } = parts;
  if (!may) return {};
  const drags = (): boolean => drag.value === "on";
  return {
    onPointerDown: (event) => {
      const cell = cellOf(event.target);
      if (!cell || event.button !== 0 || !drags()) return;
      event.preventDefault();
      at(cell);
      stroke.begin(cell, !isArmed(cell));
      stroke.reach(cell);
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event) => {
      if (!stroke.isOpen() || event.buttons === 0) return;
      const cell = cellOf(document.elementFromPoint(event.clientX, event.clientY));
      if (cell) stroke.reach(cell);
    },
    onPointerUp: stroke.end,
    onPointerCancel: stroke.end,
    onClick: (event) => {
      const cell = cellOf(event.target);
      if (!cell || drags()) return;
      stroke.begin(cell, !isArmed(cell));
      stroke.reach(cell);
      stroke.end();
    },
  };
}

function cellOf(target: EventTarget | null): Cell | null {
  const half = target instanceof Element ? target.closest<HTMLElement>(".half") : null;
  return half ? { day: Number(half.dataset["day"]), slot: Number(half.dataset["slot"]) } : null;
}
