#!/usr/bin/env python3
"""Writes docs/dependencies.md: every package that ships with ModelAtlas, and the licence its own manifest names. Run it after a change of versions."""
import json, pathlib, xml.etree.ElementTree as xml

root = pathlib.Path(__file__).resolve().parent.parent
cache = pathlib.Path.home() / ".nuget" / "packages"
# Some manifests only link to a licence, or carry it as a file; read there by hand.
known = {
    "dapper": "Apache-2.0", "hangfire.aspnetcore": "LGPL-3.0-or-later", "hangfire.postgresql": "LGPL-3.0-or-later", "hangfire.core": "LGPL-3.0-or-later", "hangfire.netcore": "LGPL-3.0-or-later",
}
shipped = {}
for project in ("Domain", "Ingest", "Inference", "Web"):
    for packages in json.loads((root / "src" / project / "packages.lock.json").read_text())["dependencies"].values():
        for name, package in packages.items():
            if package["type"] != "Project":
                shipped[name] = package["resolved"]

rows = []
for name, version in sorted(shipped.items(), key=lambda item: item[0].lower()):
    manifest = cache / name.lower() / version.lower() / f"{name.lower()}.nuspec"
    licence = known.get(name.lower(), "?")
    if licence == "?" and manifest.exists():
        tag = next((e for e in xml.parse(manifest).iter() if e.tag.endswith("}license") or e.tag == "license"), None)
        if tag is not None and tag.get("type") == "expression":
            licence = tag.text
        elif tag is not None:
            text = (manifest.parent / tag.text.replace("\\", "/")).read_text(errors="replace")[:2000] if (manifest.parent / tag.text.replace("\\", "/")).exists() else ""
            licence = "MIT" if "MIT License" in text or "Permission is hereby granted, free of charge" in text else "Apache-2.0" if "Apache License" in text else f"in the package ({tag.text})"
    rows.append(f"| {name} | {version} | {licence} |")

(root / "docs" / "dependencies.md").write_text(
    "# Dependencies\n\nPackages that the built program may contain, and the licence that each names in its own manifest. Made by `eng/dependencies.py`; build-time analyzers are included.\n\n"
    "| package | version | licence |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n")
