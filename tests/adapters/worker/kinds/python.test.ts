/** Python on the real interpreter: wheels without a network, and what a missing package is told. */
import { strToU8, zipSync } from "fflate";
import { expect, it } from "vitest";
import { createStage, folder, stepOf } from "../stage.ts";

const wheel = (files: Readonly<Record<string, string>>): Uint8Array => zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));

it("installs pure wheels with their data, and says why others do not import", async () => {
  const { run, putBytes } = await createStage();
  const reads = "import os\nword = open(os.path.join(os.path.dirname(__file__), 'data.txt')).read()\n";
  await putBytes(`${folder}/beside-1.0-py3-none-any.whl`, wheel({ "beside/__init__.py": reads, "beside/data.txt": "read", "beside-1.0.dist-info/METADATA": "Name: beside\nVersion: 1.0\n" }));
  await putBytes("/folders/own/wheels/own-2.0-py3-none-any.whl", wheel({ "own-2.0.data/purelib/own.py": "word = 'own'\n" }));
  await putBytes(`${folder}/fast-1.0-cp314-cp314-linux_x86_64.whl`, wheel({ "fast/__init__.py": "" }));
  const lines = [
    "import beside, own, importlib.metadata", 'print(beside.word, own.word, importlib.metadata.version("beside"))', 'for name in ("fast", "numpy", "nowhere", "js"):',
    "    try: __import__(name)", "    except ImportError as error: print(error)",
  ];
  const { stdout, end } = await run(stepOf(`steps:\n  - shell: python3\n    script: |\n${lines.map((line) => `      ${line}`).join("\n")}\n`));
  const [words, ...refusals] = stdout.trim().split("\n");
  expect([end.error, words, refusals.length]).toEqual([undefined, "read own 1.0", 4]);
  for (const [at, why] of ["holds compiled code", "sqlite step", "Put its pure-Python wheel", "cannot reach the page"].entries()) expect(refusals[at]).toContain(why);
});
