"""Ports: kept while we live, whatever happens to who listens there."""

import socket

import pytest

from devstack.failing import Failed
from devstack.ports import Ports


@pytest.fixture
def wanted() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listening(port: int, host: str = "127.0.0.1") -> socket.socket:
    return socket.create_server((host, port))


def test_two_houses_never_keep_the_same_port(wanted: int) -> None:
    one, other = Ports(), Ports()
    assert one.take("gateway", wanted) == wanted
    assert other.take("gateway", wanted) != wanted
    one.release()
    third = Ports()
    assert third.take("gateway", wanted) == wanted
    third.release()
    other.release()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_where_somebody_listens_is_passed_over(wanted: int, host: str) -> None:
    ports = Ports()
    with listening(wanted, host):
        assert ports.take("gateway", wanted) > wanted
    ports.release()


def test_our_child_can_listen_on_a_kept_port_again_and_again() -> None:
    ports = Ports()
    port = ports.take("orders")
    for _ in range(3):
        with listening(port) as server:
            client = socket.create_connection(("127.0.0.1", port))
            accepted, _address = server.accept()
            accepted.close()  # the server closes first: its side lingers in TIME_WAIT
            client.close()
    ports.release()


def test_a_port_whose_last_connections_fade_away_is_free(wanted: int) -> None:
    with listening(wanted) as server:
        client = socket.create_connection(("127.0.0.1", wanted))
        accepted, _address = server.accept()
        accepted.close()
        client.close()
    ports = Ports()
    assert ports.take("gateway", wanted) == wanted
    ports.release()


def test_no_free_port_is_a_sentence(wanted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devstack.ports._bind", lambda port: None)
    with pytest.raises(Failed, match="No port is free for gateway"):
        Ports().take("gateway", wanted)
