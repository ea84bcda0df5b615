import { describe, expect, test } from "vitest";
import { departments, eventTypes, typeOf } from "../../config/catalogue/catalogue.ts";
import { storiesOf } from "./testing/catalogue-story.ts";
import { outline, tell } from "./testing/story.ts";

test("there are 120 types, each once, in both languages, for departments that exist", () => {
  expect(eventTypes).toHaveLength(120);
  expect(new Set(eventTypes.map((t) => t.id)).size).toBe(120);
  for (const type of eventTypes) {
    expect(type.nameZh).toMatch(/[\u4e00-\u9fff]/);
    expect(type.nameEn).toMatch(/^[A-Z][^\u4e00-\u9fff]+$/);
    for (const one of type.departments) expect(departments[one]).toBeDefined();
  }
  expect(typeOf("no-such-type")).toBeNull();
});

describe.each(eventTypes.map((type) => [type.id, type] as const))("%s", (_, type) => {
  const stories = storiesOf(type);
  for (const story of stories) {
    test(`${story.name}: ${story.fires ? "fires" : "does not fire"}`, () => {
      const told = tell(story);
      if (!story.fires) {
        expect(outline(told)).toEqual([]);
        return;
      }
      expect(told.filter((t) => t.phase === "start")).toHaveLength(1);
      expect(told[0]).toMatchObject({ phase: "start", eventType: type.id });
      const highest = type.rule.certainty ?? "detected";
      expect(told.at(-1)?.certainty).toBe(highest);
      expect(told[0]?.trace.every((step) => step.passed)).toBe(true);
      expect(told[0]?.trace.length).toBeGreaterThan(0);
    });
  }
});
