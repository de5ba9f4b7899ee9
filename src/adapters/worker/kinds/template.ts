/** Owns the template step (4.1.3): its script is not expanded; output appears only if all of it succeeds. */
import type { Json } from "../../../core/value/json.ts";
import { renderTemplate } from "../../../core/value/template/render.ts";
import { makeDirectories, parentOf, resolvePath, writeWhole } from "../files/whole.ts";
import { failed, succeeded, writeText, type Kind } from "../kind.ts";

export const template: Kind = async ({ step, settings, stdout, stderr, world, cwd }) => {
  const data: Json = settings["data"] ?? {};
  const rendered = renderTemplate((step.script ?? "").trim(), data, step.name);
  if (!rendered.ok) {
    await writeText(stderr, `${rendered.error.message}\n`);
    return failed(rendered.error.message);
  }
  const output = settings["output"];
  if (typeof output !== "string" || output === "") await writeText(stdout, rendered.value);
  else {
    const path = resolvePath(cwd, output);
    await makeDirectories(world.files, parentOf(path));
    await writeWhole(world.files, path, new TextEncoder().encode(rendered.value));
  }
  return succeeded;
};
