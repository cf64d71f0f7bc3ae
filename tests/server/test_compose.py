"""What compose.yaml says fits the rest of the project."""

import re

import yaml

from core.execution.limits import PREFIX, Limits
from core.fields import rules
from tests.server.conftest import ROOT

SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text()


def test_only_the_proxy_can_be_reached() -> None:
    """Proxy, app, scheduler, worker; the proxy listens where its port is published, and asks the app where it listens."""
    assert set(SERVICES) == {"proxy", "app", "scheduler", "worker"}
    assert [name for name, each in SERVICES.items() if "ports" in each] == ["proxy"]
    defaults = dict(re.findall(r"\{\$(\w+):(\S+?)\}", CADDYFILE))
    (published,) = SERVICES["proxy"]["ports"]
    assert published.endswith(defaults["SITE"])
    assert defaults["APP"] in SERVICES
    assert f"--server.port={defaults['APP_PORT']}" in (ROOT / "Dockerfile").read_text()


def test_files_and_variables_exist() -> None:
    """What is mounted or installed is there, what is set is known, and what a file asks for is given."""
    for volume in SERVICES["proxy"]["volumes"]:
        assert (ROOT / volume.split(":")[0]).is_file()
    known = {PREFIX + name.upper() for name in rules(Limits)}
    assert {name for name in SERVICES["app"]["environment"] if name.startswith(PREFIX)} <= known
    needed = set(re.findall(r"\{\$(\w+)\}", CADDYFILE))
    assert needed and needed <= set(SERVICES["proxy"]["environment"])
    for name in ("app", "scheduler", "worker"):
        assert (ROOT / SERVICES[name]["build"]["args"]["REQUIREMENTS"]).is_file()


def test_everybody_finds_the_scheduler() -> None:
    """At the port where it listens; the copies of the app share their secret."""
    app = SERVICES["app"]["environment"]
    address = app["GDL_SCHEDULER"]
    assert address in SERVICES["worker"]["command"]
    assert address.startswith("tcp://scheduler:") and address.rpartition(":")[2] in SERVICES["scheduler"]["command"]
    assert app["STREAMLIT_SERVER_COOKIE_SECRET"].startswith("${STREAMLIT_SERVER_COOKIE_SECRET:?")
