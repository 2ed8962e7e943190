"""`gateway dev`: the newcomer's first minute, as the newcomer runs it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.patience import SOON
from tests.servers import ROOT


def dev(folder: Path) -> "subprocess.CompletedProcess[str]":
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GATEWAY_")}
    return subprocess.run(
        [sys.executable, "-m", "gateway", "dev", "--once"],
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(ROOT), "GATEWAY_PORT": "0"},
        capture_output=True,
        text=True,
        timeout=2 * SOON,
        check=False,
    )


def test_three_channels_come_through_verified_and_again_on_the_second_run(tmp_path: Path) -> None:
    for _ in range(2):
        run = dev(tmp_path)
        assert run.returncode == 0, run.stdout + run.stderr
        for platform in ("facebook", "instagram", "whatsapp"):
            assert re.search(rf"← {platform} +message\.received .*signature verified", run.stdout)
        assert "All 3 came through" in run.stdout


def test_its_secrets_are_kept_from_other_users_and_not_printed(tmp_path: Path) -> None:
    run = dev(tmp_path)
    kept = tmp_path / ".gateway" / "dev.json"
    assert kept.stat().st_mode & 0o077 == 0
    secrets = re.findall(r'": "(.+)"', kept.read_text())
    assert secrets
    assert not [secret for secret in secrets if secret in run.stdout + run.stderr]
