"""Views of a list stay unchanged while the list changes."""

from __future__ import annotations

import gc

from hypothesis import given
from hypothesis import strategies as st

from connect_batchmock.domain.versioned_list import VersionedList, View

CHANGES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["append", "change", "replace"]), st.integers(0, 9)),
        st.sampled_from([("read", 0), ("forget", 0)]),
    )
)


@given(CHANGES)
def test_a_view_shows_the_items_of_its_time(changes: list[tuple[str, int]]) -> None:
    entries: VersionedList[str] = VersionedList()
    views: list[tuple[View[str], list[str]]] = []
    for number, (change, place) in enumerate(changes):
        if change == "append":
            entries.append(f"entry {number}")
        elif change == "change" and entries:
            entries[place % len(entries)] = f"entry {number}"
        elif change == "replace":
            entries.detach_views()
            entries.entries[:] = [f"entry {number}"] * place
        elif change == "forget":
            del views[len(views) // 2 :]
        else:
            views.append((View(entries), list(entries)))
        assert [list(view) for view, _ in views] == [then for _, then in views]
    assert all(view[1:] == then[1:] and len(view) == len(then) for view, then in views)


def test_each_view_shows_its_own_time() -> None:
    entries: VersionedList[int] = VersionedList()
    entries.append(0)
    views = []
    for number in range(1, 5):
        views.append(View(entries))
        entries[0] = number
        entries.append(number)
    assert [list(view) for view in views] == [[0], [1, 1], [2, 1, 2], [3, 1, 2, 3]]
    assert list(entries) == [4, 1, 2, 3, 4]


def test_old_versions_are_kept_only_while_they_are_read() -> None:
    entries: VersionedList[str] = VersionedList()
    entries.append("first")
    view = View(entries)
    entries[0] = "second"
    assert view[0] == "first"

    del view
    gc.collect()
    assert entries.changes is None
