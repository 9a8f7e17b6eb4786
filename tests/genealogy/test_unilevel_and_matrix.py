"""Placement in a unilevel company and in a matrix, through the API of such a company."""

import random
from collections import deque
from typing import Any

from attacks.parallel import Gate, at_once
from support.client import Client, data, refused
from support.installation import ROOT_MEMBER
from support.other_company import OtherCompany
from upline.books import invariants
from upline.genealogy.models import Position

WIDTH = 3


def tree_of(caller: Client) -> dict[str, tuple[str, int | str]]:
    """Parent and position of everybody below the caller."""
    nodes = data(caller.get("network/tree/", depth="20"))["nodes"]
    return {node["username"]: (node["parent"], node["position"]) for node in nodes[1:]}


def verify(company: OtherCompany) -> None:
    """`./upline verify`, for a database that is not the tests' own."""
    assert company.does(invariants.check) == {}


def test_in_a_unilevel_company_the_placement_is_the_sponsor(unilevel: OtherCompany) -> None:
    root = unilevel.root
    assert unilevel.sign_up(root, "uma", ROOT_MEMBER).status_code == 201
    ignored = {"placement_username": "nobody", "position": "X"}
    for number in range(4):
        answer = unilevel.sign_up(root, f"uma{number}", "uma", **ignored)
        assert answer.status_code == 201, answer.text
    assert tree_of(root) == {
        "uma": (ROOT_MEMBER, ""),
        **{f"uma{number}": ("uma", "") for number in range(4)},
    }
    shown = data(unilevel.member("uma2").get("profile/"))
    assert (shown["placement_user"], shown["sponsor_user"]) == ("uma", "uma")
    assert shown["position"] == ""
    verify(unilevel)


def test_in_a_unilevel_company_a_foreign_sponsor_is_refused(unilevel: OtherCompany) -> None:
    for name in ("vera", "walt"):
        assert unilevel.sign_up(unilevel.root, name, ROOT_MEMBER).status_code == 201
    before = tree_of(unilevel.root)
    answer = unilevel.sign_up(unilevel.member("vera"), "xaver", "walt")
    refused(answer, 422, "1007", "sponsor_username")
    assert tree_of(unilevel.root) == before


class Oracle:
    """A matrix in plain Python: lists of children, searched level by level, left to right."""

    def __init__(self) -> None:
        self.children: dict[str, list[str]] = {ROOT_MEMBER: []}
        self.places: dict[str, tuple[str, int]] = {}

    def place(self, username: str, top: str) -> None:
        waiting = deque([top])
        while len(self.children[waiting[0]]) == WIDTH:
            waiting.extend(self.children[waiting.popleft()])
        parent = waiting[0]
        self.children[parent].append(username)
        self.children[username] = []
        self.places[username] = (parent, len(self.children[parent]))


def test_a_matrix_fills_level_by_level_below_whoever_is_named(matrix: OtherCompany) -> None:
    oracle, chance, root = Oracle(), random.Random(7), matrix.root
    for number in range(40):
        username = f"m{number:02}"
        top = ROOT_MEMBER if number < 8 else chance.choice(list(oracle.children))
        answer = matrix.sign_up(root, username, ROOT_MEMBER, placement_username=top)
        assert answer.status_code == 201, answer.text
        oracle.place(username, top)
    assert parents(matrix) == oracle.places
    verify(matrix)
    caller = matrix.member("m00")
    refused(
        matrix.sign_up(caller, "stray", "m00", placement_username="m01"),
        422, "1009", "placement_username",
    )  # fmt: skip
    refused(
        matrix.sign_up(caller, "stray", "m01", placement_username="m01"),
        422, "1007", "sponsor_username",
    )  # fmt: skip
    refused(matrix.sign_up(caller, "stray", "m00"), 422, "1004", "placement_username")
    assert parents(matrix) == oracle.places


def test_in_a_matrix_spill_over_begins_below_the_sponsor(matrix: OtherCompany) -> None:
    matrix.sets(spill_over=True)
    root = matrix.root
    assert matrix.sign_up(root, "spilled", ROOT_MEMBER).status_code == 201
    below = data(root.get("network/tree/", depth="20"))["nodes"]
    depths = {node["username"]: node["depth"] for node in below}
    assert depths["spilled"] == min(free_depths(below))
    verify(matrix)


def free_depths(nodes: list[dict[str, Any]]) -> list[int]:
    """The depths of the members below whom there was room before the newest came, plus one."""
    taken: dict[str, int] = {}
    for node in nodes:
        if node["username"] != "spilled" and node["parent"]:
            taken[node["parent"]] = taken.get(node["parent"], 0) + 1
    return [
        node["depth"] + 1
        for node in nodes
        if node["username"] != "spilled" and taken.get(node["username"], 0) < WIDTH
    ]


def test_forty_at_once_fill_a_matrix_without_a_hole(matrix: OtherCompany) -> None:
    matrix.sets(spill_over=True)
    root = matrix.root
    assert matrix.sign_up(root, "crowd", ROOT_MEMBER).status_code == 201

    def join(number: int) -> Any:
        return lambda: matrix.sign_up(root, f"crowd{number}", "crowd").status_code

    gate = Gate(12, "genealogy_position", matrix.environment["DATABASE_OWNER_URL"])
    assert at_once([join(number) for number in range(12)], gate) == [201] * 12
    below = data(root.get("network/tree/", username="crowd", depth="5"))["nodes"]
    assert sorted(node["depth"] for node in below) == [0] + [1] * 3 + [2] * 9
    verify(matrix)


def placements() -> dict[str, list[Any]]:
    placed = Position.objects.exclude(parent=None).values_list(
        "member__user__username", "parent__member__user__username", "side"
    )
    return {name: [parent, side] for name, parent, side in placed}


def parents(company: OtherCompany) -> dict[str, tuple[str, int]]:
    """Who stands below whom in which place, as the database has it (the API shows no places
    of a matrix)."""
    found = company.does(placements)
    return {name: (parent, side) for name, (parent, side) in found.items()}
