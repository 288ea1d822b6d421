"""A problem is the same class on both sides of the wire."""

import json

from shared.kernel.problems import Conflict, FieldError, NotFound, Problem, TooManyRequests


class GoodsGone(Conflict):
    """The goods are gone."""


def test_a_problem_comes_back_as_its_own_class_with_its_facts() -> None:
    sent = GoodsGone("Only 2 left.", errors=[FieldError("/lines/0", "TOO_MANY", "Order 2.")], sku="A", left=2)
    sent.trace_id = "t1"

    heard = Problem.from_dict(json.loads(json.dumps(sent.to_dict())))

    assert type(heard) is GoodsGone
    assert (heard.code, heard.type_uri(), heard.status) == ("GOODS_GONE", "/problems/goods-gone", 409)
    assert (heard.detail, heard.errors, heard.details, heard.trace_id) == (sent.detail, sent.errors, sent.details, "t1")


def test_a_problem_of_a_newer_service_keeps_its_kind() -> None:
    heard = Problem.from_dict({"code": "NOT_YET_KNOWN", "status": 404, "detail": "Gone."})

    assert isinstance(heard, NotFound)


def test_a_problem_without_words_says_its_docstring() -> None:
    assert GoodsGone().detail == "The goods are gone."
    assert TooManyRequests().retry_after == 10
