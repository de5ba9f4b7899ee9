import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCorpus } from "../../src/cli/conformance/corpus.ts";
import { judgeAll } from "../../src/cli/conformance/judge.ts";
import { nodeStage } from "../../src/cli/conformance/node.ts";
import { play } from "../../src/cli/conformance/play.ts";

/** Cases that do not hold, each with its reason. */
const known: Readonly<Record<string, string>> = {};

describe("the recorded corpus in Node", () => {
  it("holds, but for what is listed", async () => {
    const stage = nodeStage();
    const { judged } = await judgeAll(readCorpus(join(import.meta.dirname, "corpus")), (folder) => play(stage, folder), 12);
    expect(judged.length).toBeGreaterThan(380);
    const differing = judged.filter((one) => one.differs.length > 0).map(({ folder, differs }) => [`${folder.topic}/${folder.slug}`, differs[0]] as const);
    expect(differing.filter(([name]) => known[name] === undefined)).toEqual([]);
  }, 120_000);
});
