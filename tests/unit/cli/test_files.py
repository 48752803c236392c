"""Several files named on the command line: data, dictionary and events, whichever comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.__main__ import main
from lib.cli.files import read_files
from tests.unit.importing.test_redcap_dictionary import DICTIONARY, RAW

EVENTS = "record_id,adverse_event\n1,Infection\n2,Nerve injury\n2,Infection\n99,Infection\n"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    found = {}
    for name, text in (("data", RAW), ("dictionary", DICTIONARY), ("events", EVENTS), ("second", DICTIONARY + "\n")):
        path = tmp_path / f"{name}.csv"
        path.write_text(text, "utf-8")
        found[name] = str(path)
    return found


@pytest.mark.parametrize("order", [("data", "dictionary"), ("dictionary", "data")])
def test_a_dictionary_labels_the_data(
    files: dict[str, str], order: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*(files[n] for n in order), "--where", "etiology=Postpartum"]) == 0
    assert "VAS pain: 5 of 5 improved by at least 2 points" in capsys.readouterr().out  # of few no mean in a title
    cohort = read_files([Path(files[n]) for n in order], None, None).built()
    assert set(cohort.columns["etiology"].labels) == {"Postpartum", "Trauma, fall", "Other"}  # type: ignore[union-attr]


def test_a_dictionary_alone_is_refused_and_a_second_one_named(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([files["dictionary"]]) == 2
    assert "data dictionary (8 fields)" in capsys.readouterr().err
    Path(files["second"]).write_text(DICTIONARY.replace("Nickname", "Nick"), "utf-8")
    assert main([files["data"], files["dictionary"], files["second"]]) == 2
    assert "“second.csv” has no use" in capsys.readouterr().err


def test_events_are_joined_and_strangers_named(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [files["events"], files["data"], files["dictionary"]]
    cohort = read_files([Path(n) for n in names], None, None).built()
    assert cohort.events.type == ("Infection", "Nerve injury", "Infection")
    assert main([*names, "--check"]) in (0, 1)
    assert "1 of 4 events belong to a patient who is not in the cohort" in capsys.readouterr().out
    record = str(tmp_path / "a.json")
    assert main([*names, "--record", record]) == 0
    assert main([*names, "--reproduce", record]) == 0
    assert "match:" in capsys.readouterr().out
    assert main([files["data"], files["dictionary"], "--reproduce", record]) == 2, "without the events it is another"


def test_a_column_is_named_by_its_heading_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The heading became the key "center": both names, and the label, mean the same column."""
    rows = [f"{i},{'RXA' if i % 2 else 'RXB'},{5 + i % 5},{1 + i % 4}" for i in range(1, 41)]
    file = tmp_path / "providers.csv"
    file.write_text("\n".join(["id,Provider Code,vas_pain_pre,vas_pain_12m", *rows]), "utf-8")
    said = []
    for name in ("Provider Code", "center"):
        assert main([str(file), "--compare", name, "--where", f"{name}=RXA", "--where", f"{name}=RXB"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert "RXB" in said[0]
