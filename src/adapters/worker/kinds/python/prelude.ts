/** Owns the Python that starts a program: arguments, environment, wheels beside the script, exit codes, what a missing package is told. */
export const prelude = `
import os, sys

_site = "/wheels"

def _install(places):
    import re, zipfile
    for place in places:
        if not os.path.isdir(place):
            continue
        for name in sorted(os.listdir(place)):
            if not name.endswith(".whl"):
                continue
            with zipfile.ZipFile(os.path.join(place, name)) as wheel:
                if not name.endswith("-none-any.whl"):
                    _Missing.refused.update({entry.split("/")[0].removesuffix(".py"): name for entry in wheel.namelist() if ".dist-info/" not in entry})
                    continue
                for entry in wheel.infolist():
                    entry.filename = re.sub(r"^[^/]+\\.data/(purelib|platlib)/", "", entry.filename)
                    wheel.extract(entry, _site)
    if os.path.isdir(_site):
        sys.path.append(_site)

class _Doors:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name in ("js", "pyodide_js"):
            raise ModuleNotFoundError(f"No module named {name!r}: steps cannot reach the page", name=name)
        return None

class _Missing:
    refused = {}
    compiled = {"numpy", "pandas", "scipy", "matplotlib", "PIL", "lxml", "cryptography", "sklearn", "torch", "duckdb", "pyarrow"}
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name in cls.refused:
            raise ModuleNotFoundError(f"No module named {name!r}: {cls.refused[name]} holds compiled code, which does not run here; only wheels whose name ends in -none-any.whl do. Work on tables with a sqlite step, or run this step on a backend.", name=name)
        if name in cls.compiled:
            raise ModuleNotFoundError(f"No module named {name!r}: it needs a compiled build that is not part of this pack. Work on tables with a sqlite step, or run this step on a backend.", name=name)
        if path is None and "." not in name and name not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f"No module named {name!r}: nothing is downloaded here. Put its pure-Python wheel (a file ending in -none-any.whl) beside the script, or into a folder named wheels beside it or in the DAG's folder.", name=name)
        return None

def _start(source, file, argv, env, places):
    import traceback
    os.environ.clear()
    for pair in env:
        os.environ[str(pair[0])] = str(pair[1])
    sys.argv = [file, *[str(word) for word in argv]]
    folder = os.path.dirname(file) if file.startswith("/") else os.getcwd()
    sys.path.insert(0, folder)
    _install(dict.fromkeys([folder, *map(str, places)]))
    sys.meta_path.insert(0, _Doors)
    sys.meta_path.append(_Missing)
    for name in ("js", "pyodide_js", "pyodide_js._api", "pyodide_js.ffi"):
        sys.modules.pop(name, None)
    main = type(sys)("__main__")
    main.__dict__.update(__file__=file, __builtins__=__builtins__)
    sys.modules["__main__"] = main
    code = 0
    try:
        exec(compile(source, file, "exec"), main.__dict__)
    except SystemExit as end:
        if isinstance(end.code, int):
            code = end.code & 255
        elif end.code is not None:
            print(end.code, file=sys.stderr)
            code = 1
    except KeyboardInterrupt:
        print("KeyboardInterrupt", file=sys.stderr)
        code = 130
    except BaseException as error:
        trace = error.__traceback__.tb_next if error.__traceback__ is not None else None
        try:
            traceback.print_exception(type(error), error, trace)
        except BaseException:
            print(type(error).__name__, file=sys.stderr)
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            code = code or 1
    return code

_start
`;
