/** Guards the house: floors and imports, forbidden globals in the core, sizes, citations, and what must never be in the tree. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const top = join(import.meta.dirname, "..");
const src = join(top, "src");
const filesIn = (folder: string, ext: RegExp): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && ext.test(entry.name))
    .map((entry) => relative(src, join(entry.parentPath, entry.name)))
    .sort();
const sources = filesIn(src, /\.ts$/).filter((file) => !file.endsWith(".d.ts"));
const components = filesIn(src, /\.svelte$/);
const textOf = (file: string): string => readFileSync(join(src, file), "utf8");
const parse = (file: string): ts.SourceFile => ts.createSourceFile(file, textOf(file), ts.ScriptTarget.ES2022, true);

interface Import {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}
const importsOf = (file: string): readonly Import[] => {
  const found: Import[] = [];
  const text = textOf(file);
  for (const match of text.matchAll(/(?:^|\n)\s*(?:import|export)[^;'"]*?from\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)|(?:^|\n)\s*import\s*["']([^"']+)["']/g)) {
    const to = match[1] ?? match[2] ?? match[3] ?? "";
    found.push({ from: file, to: to.startsWith(".") ? normalize(join(dirname(file), to)) : to, line: text.slice(0, match.index).split("\n").length });
  }
  return found;
};
const imports = [...sources, ...components].flatMap(importsOf);
const local = imports.filter((one) => sources.includes(one.to) || components.includes(one.to));

const floorOf = (file: string): string => file.split("/")[0] ?? "";
const isRoot = (file: string): boolean => /^(main\.ts|boot\.ts|sw\.ts|server\/main\.ts|cli\/|[\w-]+\.worker\.ts)/.test(file);
/** What each floor may import besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [], shell: ["core"], ports: ["core"], host: ["ports", "core"], adapters: ["ports", "core", "shell"], server: ["ports", "core"], ui: ["host", "ports", "core"],
};
const coreRooms: Readonly<Record<string, readonly string[]>> = {
  base: [], value: ["base"], schedule: ["base", "value"], spec: ["base", "value", "schedule"], plan: ["base", "value", "spec"],
  run: ["base", "value", "spec", "plan"], history: ["base", "value", "spec", "plan", "run"], replica: ["base", "value"],
  "merge-spec": ["base", "value", "schedule", "spec", "replica"],
};
const guests = ["yaml", "valibot", "@cfworker/json-schema", "re2js", "node-diff3"];

describe("the house", () => {
  it("imports only point down", () => {
    const wrong = local.filter(({ from, to }) => {
      if (isRoot(from)) return false;
      const [mine, theirs] = [floorOf(from), floorOf(to)];
      return mine !== theirs && !(mayImport[mine] ?? []).includes(theirs);
    });
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });
  it("keeps the shell a library of its own beside core/base", () => {
    const wrong = local.filter(({ from, to }) => floorOf(from) === "shell" && floorOf(to) === "core" && !to.startsWith("core/base/"));
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });
  it("keeps the rooms of the core in their order", () => {
    const room = (file: string): string => file.split("/")[1] ?? "";
    const wrong = local.filter(({ from, to }) => floorOf(from) === "core" && room(from) !== room(to) && !(coreRooms[room(from)] ?? []).includes(room(to)));
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });
  it("has no import cycle", () => {
    const next = new Map<string, string[]>();
    const typeOnly = /import\s+type\b/;
    for (const { from, to, line } of local) {
      const start = textOf(from).split("\n")[line - 1] ?? "";
      if (!typeOnly.test(start) && !typeOnly.test(textOf(from).split("\n")[line] ?? "")) next.set(from, [...(next.get(from) ?? []), to]);
    }
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
        return;
      }
      state.set(file, "open");
      for (const to of next.get(file) ?? []) visit(to, [...path, file]);
      state.set(file, "done");
    };
    for (const file of next.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });
  it("lets only known guests into the core, and nothing but its parser into the shell", () => {
    const foreign = imports.filter(({ from, to }) => (floorOf(from) === "core" || floorOf(from) === "shell") && !to.startsWith("core/") && !to.startsWith("shell/"));
    const wrong = foreign.filter(({ from, to }) => !(floorOf(from) === "core" ? guests : ["unbash", "fflate", "re2js"]).includes(to));
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });
  it("keeps time, chance and promises out of the core", () => {
    const forbidden = new Set(["Date", "Promise", "setTimeout", "setInterval", "queueMicrotask", "fetch", "performance", "crypto", "window", "document", "self", "indexedDB", "localStorage", "process"]);
    const wrong: string[] = [];
    for (const file of sources.filter((one) => floorOf(one) === "core")) {
      const tree = parse(file);
      const declared = declaredIn(tree);
      const look = (node: ts.Node): void => {
        if (ts.isIdentifier(node) && forbidden.has(node.text) && !declared.has(node.text) && isGlobalUse(node)) wrong.push(`${file}:${tree.getLineAndCharacterOfPosition(node.pos).line + 1} ${node.text}`);
        if (ts.isPropertyAccessExpression(node) && node.getText(tree) === "Math.random") wrong.push(`${file} Math.random`);
        ts.forEachChild(node, look);
      };
      look(tree);
    }
    expect(wrong.filter((one) => !/^core\/(schedule|base)\/.*\bDate$/.test(one))).toEqual([]);
  });
  it("keeps files under 400 lines and rooms under 11 files", () => {
    const long = [...sources, ...components].map((file) => [file, textOf(file).split("\n").length] as const).filter(([, lines]) => lines > 400);
    const rooms = new Map<string, number>();
    for (const file of [...sources, ...components]) rooms.set(dirname(file), (rooms.get(dirname(file)) ?? 0) + 1);
    const full = [...rooms].filter(([room, count]) => count > 10 && room !== ".");
    expect({ long, full }).toEqual({ long: [], full: [] });
  });
  it("keeps functions under 71 lines and 5 positional parameters", () => {
    const wrong: string[] = [];
    for (const file of sources) {
      const tree = parse(file);
      const look = (node: ts.Node): void => {
        if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
          const [from, to] = [node.getStart(tree), node.end].map((at) => tree.getLineAndCharacterOfPosition(at).line);
          const lines = (to ?? 0) - (from ?? 0) + 1 - nestedLines(tree, node);
          const name = node.name?.getText(tree) ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name.getText(tree) : "function");
          if (lines > 70) wrong.push(`${file} ${name}: ${lines} lines`);
          // A callback handed to someone else's function has the parameters that function gives.
          if (node.parameters.length > 4 && !ts.isCallExpression(node.parent)) wrong.push(`${file} ${name}: ${node.parameters.length} parameters`);
        }
        ts.forEachChild(node, look);
      };
      look(tree);
    }
    expect(wrong).toEqual([]);
  });
  it("has no barrel, no catch-all name and no file without a header", () => {
    const barrels = sources.filter((file) => /(^|\/)index\.ts$/.test(file) || (/^export \* from/m.test(textOf(file)) && !/\b(const|function|class)\b/.test(textOf(file))));
    const vague = [...sources, ...components].filter((file) => /(^|\/)(utils?|helpers?|manager|common|misc)(\.|\/|$)/i.test(file) && !file.startsWith("ui/i18n/"));
    const bare = sources.filter((file) => !/^\s*(\/\*\*|\/\/\/)/.test(textOf(file)));
    expect({ barrels, vague, bare }).toEqual({ barrels: [], vague: [], bare: [] });
  });
  it("never reaches for another origin", () => {
    const allowed = /https?:\/\/(localhost|127\.0\.0\.1|runtime\.invalid|www\.w3\.org|json-schema\.org|example\.(com|org|invalid)|[\w.-]*\.example|\$\{|\[|\*)/;
    const wrong = [...sources, ...components, "index.html", "sandbox.html"].filter((file) => !file.startsWith("ui/samples/")).flatMap((file) =>
      [...textOf(file).matchAll(/https?:\/\/[^\s"'`)<]+/g)].map((match) => match[0]).filter((url) => url.length > 8 && !allowed.test(url)).map((url) => `${file} ${url}`));
    expect(wrong).toEqual([]);
  });
  it("cites only rules that the code states", () => {
    const stated = [...sources, "README.md"].filter((file) => statSync(join(src, file), { throwIfNoEntry: false }) !== undefined).map(textOf).join("\n");
    const cited = new Map<string, string>();
    for (const entry of readdirSync(join(top, "tests"), { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !entry.name.endsWith(".test.ts")) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
      for (const [, rule = ""] of text.matchAll(/\b(?:it|describe)(?:\.each\([^)]*\))?\(\s*["'`]\[([A-Z]{1,2}\d+)\]/g)) cited.set(rule, entry.name);
    }
    const unknown = [...cited].filter(([rule]) => !new RegExp(`\\b${rule}\\b`).test(stated));
    expect(unknown).toEqual([]);
  });
  it("skips and focuses no test", () => {
    const wrong: string[] = [];
    for (const entry of readdirSync(join(top, "tests"), { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !/\.ts$/.test(entry.name) || entry.name === "house.test.ts") continue;
      if (/\b(it|test|describe)\.(skip|only|todo|fixme)\b/.test(readFileSync(join(entry.parentPath, entry.name), "utf8"))) wrong.push(entry.name);
    }
    expect(wrong).toEqual([]);
  });
});

/** Lines that belong to functions inside this one: a factory is as long as what it does itself. */
const nestedLines = (tree: ts.SourceFile, outer: ts.Node): number => {
  let lines = 0;
  const look = (node: ts.Node): void => {
    if (node !== outer && ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const [from, to] = [node.getStart(tree), node.end].map((at) => tree.getLineAndCharacterOfPosition(at).line);
      lines += (to ?? 0) - (from ?? 0);
    } else ts.forEachChild(node, look);
  };
  look(outer);
  return lines;
};
/** Names that a file gives to something of its own: those shadow the globals. */
const declaredIn = (tree: ts.SourceFile): ReadonlySet<string> => {
  const names = new Set<string>();
  const look = (node: ts.Node): void => {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node) || ts.isFunctionDeclaration(node)) && node.name !== undefined && ts.isIdentifier(node.name)) names.add(node.name.text);
    if (ts.isImportSpecifier(node)) names.add(node.name.text);
    ts.forEachChild(node, look);
  };
  look(tree);
  return names;
};
/** A use of the global itself: not a property name, a type, a declaration or a member. */
const isGlobalUse = (node: ts.Identifier): boolean => {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isTypeReferenceNode(parent) || ts.isImportSpecifier(parent) || ts.isPropertyAssignment(parent) && parent.name === node) return false;
  if (ts.isPropertySignature(parent) || ts.isParameter(parent) || ts.isVariableDeclaration(parent) && parent.name === node) return false;
  if (ts.isBindingElement(parent) || ts.isLiteralTypeNode(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isExpressionWithTypeArguments(parent)) return false;
  return ts.isCallExpression(parent) || ts.isNewExpression(parent) || ts.isPropertyAccessExpression(parent) || ts.isTypeOfExpression(parent);
};
