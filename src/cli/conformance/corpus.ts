/** Owns reading a corpus from disk: DIR holds TOPIC/SLUG folders, read when asked for and listed nowhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case, CaseFolder } from "./case.ts";

export const readCorpus = (directory: string, only?: string): readonly CaseFolder[] =>
  foldersIn(directory)
    .filter((topic) => only === undefined || topic === only || only.startsWith(`${topic}/`))
    .flatMap((topic) => foldersIn(join(directory, topic)).map((slug) => ({ topic, slug })))
    .filter(({ topic, slug }) => (only === undefined || !only.includes("/") || only === `${topic}/${slug}`) && existsSync(join(directory, topic, slug, "case.json")))
    .map(({ topic, slug }) => readCase(join(directory, topic, slug), topic, slug));

const foldersIn = (directory: string): readonly string[] =>
  readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();

const readCase = (folder: string, topic: string, slug: string): CaseFolder => {
  const text = (name: string): string => readFileSync(join(folder, name), "utf8");
  return { topic, slug, text: text("dag.yaml"), case: JSON.parse(text("case.json")) as Case, expect: JSON.parse(text("expect.json")) };
};
