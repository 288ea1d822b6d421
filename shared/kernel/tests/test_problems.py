"""A problem is the same class on both sides of the wire."""

import json

import pytest

from shared.kernel.problems import Conflict, FieldError, NotFound, Problem, TooManyRequests, pointer_to


class GoodsGone(Conflict):
    """The goods are gone."""


def test_a_problem_comes_back_as_its_own_class_with_its_facts() -> None:
    sent = GoodsGone("Only 2 left.", errors=[FieldError("/lines/0", "TOO_MANY", "Order 2.")], sku="A", left=2)
    sent.trace_id = "t1"

    heard = Problem.from_dict(json.loads(json.dumps(sent.to_dict())))

    assert type(heard) is GoodsGone
    assert (heard.code, heard.type_uri(), heard.status) == ("GOODS_GONE", "/problems/goods-gone", 409)
    assert (heard.detail, heard.errors, heard.details, heard.trace_id) == (sent.detail, sent.errors, sent.details, "t1")


@pytest.mark.parametrize("name", ["detail", "details", "errors", "self", "status", "code", "trace_id"])
def test_a_fact_may_have_any_name(name: str) -> None:
    sent = GoodsGone("Only 2 left.", errors=[FieldError("/lines/0", "TOO_MANY", "Order 2.")])
    sent.details = {name: "a fact"}

    heard = Problem.from_dict(json.loads(json.dumps(sent.to_dict())))

    assert (heard.detail, heard.errors, heard.details) == ("Only 2 left.", sent.errors, {name: "a fact"})


def test_a_fact_called_detail_can_be_given_beside_the_sentence() -> None:
    problem = GoodsGone("Only 2 left.", detail="of the red ones")

    assert (problem.detail, problem.details) == ("Only 2 left.", {"detail": "of the red ones"})


def test_a_field_error_of_a_newer_service_may_say_more() -> None:
    error = {"pointer": "/sku", "code": "UNKNOWN", "message": "Name another.", "hint": "A-2"}

    heard = Problem.from_dict({"code": "GOODS_GONE", "status": 409, "detail": "Gone.", "errors": [error]})

    assert heard.errors == (FieldError("/sku", "UNKNOWN", "Name another."),)


def test_a_problem_of_a_newer_service_keeps_its_kind() -> None:
    heard = Problem.from_dict({"code": "NOT_YET_KNOWN", "status": 404, "detail": "Gone."})

    assert isinstance(heard, NotFound)


def test_a_problem_without_words_says_its_docstring() -> None:
    assert GoodsGone().detail == "The goods are gone."
    assert TooManyRequests().retry_after == 10


def test_a_pointer_holds_any_sign() -> None:
    assert pointer_to("variant_options", "a/b~c", 0) == "/variant_options/a~1b~0c/0"
