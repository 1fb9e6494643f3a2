"""Rejects of delimited text, from file to file."""

from __future__ import annotations

import re

import pytest

ORIGINALS = {
    # what is special: (text, encoding, what the mapping says of the sheet, what differs in its rejects)
    "as plain as can be": ("Name,Mobile\nTom,12\nEve,x\n", "utf-8", "", {}),
    "semicolons, CR LF, a mark": ('Name;Mobile\r\n"Tom";12\r\nEve;"x"\r\n', "utf-8-sig", "", {}),
    "quotes and blanks": ('Name,"Mobile"\n" Tom ""T"" ", 12 \n"a\nb",\'x\n', "utf-8", "", {",'x": ",''x"}),
    "formulas": ('Name,Mobile\n=1,-5\n"+1",@\n', "utf-8", "", {"=1,-5": "'=1,'-5", '"+1",@': "\"'+1\",'@"}),
    "every cell in quotes": ('"Name"\t"Mobile"\r\n"Tom"\t"12"\r\n', "utf-8", "", {}),
    "apostrophes": ("'Name','Mobile'\n'D''Arc, T','12'\n'-5','x'\n", "utf-8", "", {"'-5'": "'''-5'"}),
    "blanks before quotes": ('Name, "Mobile"\nTom, "12"\n"a, b", "x"\n', "utf-8", "", {}),
    "backslashes": ('Name,Mobile\n"a \\"b\\" c",12\nEve,x\nC:\\temp,y\n', "utf-8", "", {}),
    "a hint for programs": ("sep=;\r\nName;Mobile\r\nTom;12\r\n", "utf-16", "", {}),
    "titles above": ("Customers\n\n# 2026\nName,Mobile,City\nTom,12,Pune\nEve,x,\n", "utf-8", "", {}),
    "titles, and a stated header": ("Customers\n\nName,Mobile\nTom,12\n", "utf-8", "header: 3", {}),
    "an old encoding": ("Name;Mobile\nJosé;12\n", "cp1252", "encoding: cp1252", {}),
    "two bytes a character": ("Name|Mobile\n山田;12|x\n", "shift_jis", "encoding: shift_jis", {}),
    "trailing blank columns": ("Name,Mobile,,\nTom,12,,\nEve,x\n", "utf-8", "", {"Eve,x": "Eve,x,,"}),
    "a column without a name": ("Name,,Mobile\nTom,1,12\n", "utf-8", "", {"Name,,": "Name,column B,"}),
    "carriage returns alone": ("Name,Mobile\rTom,12\rEve,x\r", "utf-8", "", {}),
    "no line end at the end": ("Name,Mobile\r\nTom,12", "utf-8", "", {"Tom,12": "Tom,12\r\n"}),
}
# The added columns of a line: from the first of them to the line's end.
ADDED = re.compile(r"[,;\t|] ?[\"']?(?:importer_run|\d{8}-\d{6}-small).*?(\r\n|\n|\r)")


@pytest.mark.parametrize("what", ORIGINALS)
def test_24_rejects_are_the_original_with_six_columns_more(planned, what):
    """Byte by byte, whatever the way of writing; and rejects of the rejects are no different."""
    text, encoding, sheet, differences = ORIGINALS[what]
    expected = text
    for before, after in differences.items():
        expected = expected.replace(before, after)
    rejects = planned(text.encode(encoding), sheet).read_bytes()
    assert ADDED.sub(r"\1", rejects.decode(encoding)).encode(encoding) == expected.encode(encoding)
    again = planned(rejects, sheet, "rejects.csv").read_bytes()
    assert ADDED.sub(r"\1", again.decode(encoding)).encode(encoding) == expected.encode(encoding)
    assert again.count(b"\n") <= rejects.count(b"\n"), "no row is lost or joined"
