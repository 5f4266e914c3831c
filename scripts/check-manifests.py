"""Checks what no compiler does: that every TOML file parses, and that spin.toml agrees with itself and with Cargo.toml."""

import re
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("check-manifests.py needs Python 3.11 or newer, which reads TOML")
import tomllib

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
TEMPLATE = re.compile(r"\{\{ *([^} ]+) *\}\}")
# Spin refuses to load an application that names a path here.
HOST = re.compile(r"(\{\{ *[a-z0-9_]+ *\}\}|[a-z*]+://[^/]+)")


def tracked_toml() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.toml"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines()]


def spin_problems(spin: dict, cargo: dict):
    """Yields a sentence for each thing wrong with the manifest."""
    if spin.get("spin_manifest_version") != 2:
        yield "spin_manifest_version is not 2"
    if spin.get("application", {}).get("version") != cargo["package"]["version"]:
        yield "the application's version is not Cargo.toml's"

    variables = spin.get("variables", {})
    components = spin.get("component", {})
    for name, declaration in variables.items():
        if not VARIABLE.fullmatch(name):
            yield f"variable {name}: not a name that Spin takes"
        if ("default" in declaration) == declaration.get("required", False):
            yield f"variable {name}: either a default or required"

    for trigger in spin.get("trigger", {}).get("http", []):
        if trigger.get("component") not in components:
            yield f"route {trigger.get('route')}: there is no component {trigger.get('component')}"

    artifact = f"target/wasm32-wasip2/release/{cargo['package']['name'].replace('-', '_')}.wasm"
    for name, component in components.items():
        if component.get("source") != artifact:
            yield f"component {name}: source is not {artifact}"
        command = component.get("build", {}).get("command", "")
        if not {"--release", "wasm32-wasip2"} <= set(command.split()):
            yield f"component {name}: the build command does not make {artifact}"
        for host in component.get("allowed_outbound_hosts", []):
            if not HOST.fullmatch(host):
                yield f"component {name}: outbound host {host} has a path or no scheme"
        own = component.get("variables", {})
        for template in [*own.values(), *component.get("allowed_outbound_hosts", [])]:
            for used in TEMPLATE.findall(template):
                if used not in variables:
                    yield f"component {name}: variable {used} is not declared"
        for missing in variables.keys() - own.keys():
            yield f"component {name}: does not get the variable {missing}"


def main() -> int:
    problems = []
    parsed = {}
    for path in tracked_toml():
        try:
            parsed[path] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(f"{path.relative_to(ROOT)}: {error}")
    spin, cargo = ROOT / "spin.toml", ROOT / "Cargo.toml"
    if spin in parsed and cargo in parsed:
        problems += [f"spin.toml: {problem}" for problem in spin_problems(parsed[spin], parsed[cargo])]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
