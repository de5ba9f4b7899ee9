import { describe, expect, it } from "vitest";
import type { Commands } from "../../../src/host/commands.ts";
import type { DagRows } from "../../../src/host/views.ts";
import { Draft } from "../../../src/ui/editor/draft.svelte.ts";

const rows = (head: string, text: string, draft?: string): DagRows =>
  ({ head: { id: head, text }, draft: draft === undefined ? undefined : { text: draft, base: "r1" }, revisions: [], runs: [], grants: [], dag: undefined }) as unknown as DagRows;
const recorded = (): { readonly saved: string[]; readonly commands: Commands } => {
  const saved: string[] = [];
  return { saved, commands: { saveDraft: async (_: string, text: string) => void saved.push(text), discardDraft: async () => undefined } as unknown as Commands };
};

describe("a draft", () => {
  it("keeps what was typed when somebody else publishes another text", () => {
    const { saved, commands } = recorded();
    const draft = new Draft(commands, "d", rows("r1", "one"));
    draft.type("mine");
    draft.flush();
    expect(draft.follow(rows("r2", "theirs"))).toBeUndefined();
    expect([draft.text, draft.base, saved]).toEqual(["mine", "r1", ["mine", "mine"]]);
  });
  it("follows a newer revision where nothing was typed", () => {
    const draft = new Draft(recorded().commands, "d", rows("r1", "one"));
    expect(draft.follow(rows("r2", "two"))).toBe("two");
    expect([draft.text, draft.base]).toEqual(["two", "r2"]);
  });
  it("follows what another tab types while this one rests", () => {
    const draft = new Draft(recorded().commands, "d", rows("r1", "one"));
    expect(draft.follow(rows("r1", "one", "one and more"))).toBe("one and more");
  });
});
