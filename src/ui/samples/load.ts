/** Owns bringing a sample into the book: its text becomes a DAG, its data goes into the DAG's folder. Lazy: no sample is in the first script. */
import type { Commands } from "../../host/commands.ts";
import { send } from "../parts/state/notices.svelte.ts";
import { router, runPath } from "../router.svelte.ts";
import type { SampleId } from "./list.ts";

const texts = import.meta.glob<string>("./*/dag.yaml", { query: "?raw", import: "default" });
const data = import.meta.glob<string>("./*/data/*", { query: "?raw", import: "default" });

/** Adds the sample (a second time: as it is now) and answers the DAG's name. */
export const addSample = async (commands: Commands, id: SampleId): Promise<string> => {
  const read = texts[`./${id}/dag.yaml`];
  if (read === undefined) throw new Error(`no sample ${id}`);
  const { dag } = await commands.importYaml(await read(), { sample: id });
  for (const [path, file] of Object.entries(data)) {
    if (path.startsWith(`./${id}/data/`)) await commands.putFile(dag, path.slice(`./${id}/`.length), await file());
  }
  return dag;
};
const addAndStart = async (commands: Commands, id: SampleId): Promise<string> => {
  const dag = await addSample(commands, id);
  return (await commands.start(dag)).run;
};
export const startSample = (commands: Commands, id: SampleId): void => send(addAndStart(commands, id), (run) => router.go(runPath(run)));
