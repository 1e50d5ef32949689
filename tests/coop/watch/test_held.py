"""What was worked out is kept as long as what it stands on is the same."""

from coop.watch.held import MOST, Held


def test_a_result_is_worked_out_anew_only_when_its_basis_changed() -> None:
    held, made = Held[int](), iter(range(10))

    found = [held.get("a", basis, lambda: next(made)) for basis in (1, 1, 2, 2, 1)]

    assert found == [0, 0, 1, 1, 2]


def test_names_do_not_disturb_each_other() -> None:
    held = Held[str]()

    assert held.get("a", 1, lambda: "x") == "x"
    assert held.get("b", 1, lambda: "y") == "y"
    assert held.get("a", 1, lambda: "z") == "x"


def test_it_does_not_grow_for_ever() -> None:
    held = Held[int]()

    for number in range(10 * MOST):
        held.get(str(number), 0, lambda: 0)

    assert len(held._held) <= MOST
