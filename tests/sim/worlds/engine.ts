/** Owns the engine world of `npm run sim`: one seed is one storm over two tabs. */
import { runEngineSeed } from "../engine/world.ts";

/** The story of a violation; undefined when the seed is clean. */
export const runEngine = async (seed: number): Promise<string | undefined> => {
  const story = await runEngineSeed(seed);
  return story.broken === undefined ? undefined : `${story.broken}\n  ${story.lines.join("\n  ")}`;
};
