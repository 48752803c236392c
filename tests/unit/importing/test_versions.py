"""Two versions of a file: new and gone patients, changed cells, and every mean change before and now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lib.__main__ import main
from lib.importing.files.worker import parse_file
from lib.importing.findings import ImportProblem
from lib.importing.proposal import Import, propose
from lib.importing.versions import ChangedCell, Headline, compare_versions

OLD = "id,center,vas_pain_pre,vas_pain_12m\n1,A,8,3\n2,A,7,\n3,B,6,1\n4,B,9,9\n"
NEW = "id,center,vas_pain_pre,vas_pain_12m,age\n2,A,7,2,40\n1,A,8 ,3,41\n3,A,6,1,42\n5,B,5,5,43\n"


def table(text: str) -> Import:
    return propose(parse_file(text.encode(), "x.csv"))


def test_who_is_new_gone_and_changed() -> None:
    found = compare_versions(table(OLD), table(NEW))
    assert (found.patients, found.new, found.gone) == ((4, 4), ("5",), ("4",))
    assert found.changed == (
        ChangedCell("2", "", "vas_pain_12m", "", "2", 2),
        ChangedCell("3", "", "center", "B", "A", 4),
    )
    assert (found.columns_new, found.columns_gone) == (("age",), ())
    # by hand: −5, −5, 0 of three pairs; −5, −5, −5, 0 of four
    assert found.headlines == (Headline("VAS pain", "12m", (3, 4), (pytest.approx(-10 / 3), pytest.approx(-3.75))),)


def test_a_long_file_is_compared_by_patient_and_time_point() -> None:
    old = table("id,visit,vas\n1,pre,8\n1,12 months,3\n2,pre,7\n2,12 months,6\n")
    new = table("id,visit,vas\n2,pre,7\n1,pre,8\n1,12 months,4\n3,pre,5\n2,6 weeks,5\n2,12 months,6\n")
    found = compare_versions(old, new)
    assert found.changed == (ChangedCell("1", "12m", "vas", "3", "4", 4),)
    assert (found.new, found.new_rows, found.gone_rows) == (("3",), (("2", "6w"),), ())


def test_files_that_share_nobody_are_refused() -> None:
    with pytest.raises(ImportProblem, match="in both files"):
        compare_versions(table(OLD), table(NEW.replace("\n", "\nx")))
    with pytest.raises(ImportProblem, match="The old file has no column with the number"):
        compare_versions(table("vas_pain_pre,vas_pain_12m\n8,3\n7,2\n"), table(NEW))


def test_the_shell_prints_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [tmp_path / name for name in ("old.csv", "new.csv")]
    for path, text in zip(paths, (OLD, NEW), strict=True):
        path.write_text(text, "utf-8")
    assert main([str(paths[1]), "--check", "--against", str(paths[0])]) == 0
    printed = capsys.readouterr().out
    for words in ("New (1): 5", "Gone (1): 4", "row 4, patient 3, center: B → A", "−3.33 (n=3) → −3.75 (n=4)"):
        assert words in printed
    main([str(paths[1]), "--check", "--json", "--against", str(paths[0])])
    assert json.loads(capsys.readouterr().out)["against"]["gone"] == ["4"]
    assert main([str(paths[1]), "--against", str(paths[0])]) == 2
