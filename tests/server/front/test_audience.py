"""Credit: what each client may have next."""

from backscope.server.front.audience import Audience
from backscope.server.front.client import Client
from backscope.server.wire.messages import Frame, Part, Position, Publish, Want
from backscope.server.wire.settings import Limits


def here(step: int, generation: int = 1) -> Position:
    return Position(generation, step, step, 0)


def frame(step: int, *positions: Position | None, history: bool = False) -> Frame:
    before = (("history", b"history"),) if history else ()
    parts = tuple(
        Part(position, before, b"head", f" tail {position and position.step}".encode()) for position in positions
    )
    return Frame("r", step, here(step), b" body", parts)


def everything(client: Client) -> list[str | bytes]:
    found = []
    while (message := client.take()) is not None:
        found.append(message)
    return found


def audience_of(*numbers: int) -> tuple[Audience, list[Client], list[Want]]:
    wishes: list[Want] = []
    audience = Audience("r", wishes.append)
    clients = [Client(number, Limits()) for number in numbers]
    for client in clients:
        audience.enter(client)
    return audience, clients, wishes


def test_a_client_gets_the_next_frame_only_when_it_has_drawn_the_last() -> None:
    audience, (client,), wishes = audience_of(1)
    assert wishes == [Want("r", (None,))]
    audience.deliver(frame(5, None, history=True))
    assert everything(client) == [b"history", b"head body tail None"]
    assert len(wishes) == 1
    audience.deliver(frame(6, None))
    assert everything(client) == []
    audience.acknowledge(client, 5)
    assert wishes[1:] == [Want("r", (here(5),))]
    audience.deliver(frame(7, here(5)))
    assert everything(client) == [b"head body tail 5"]


def test_only_the_last_frame_can_be_acknowledged_and_only_once() -> None:
    audience, (client,), wishes = audience_of(1)
    audience.acknowledge(client, 0)
    audience.deliver(frame(5, None))
    everything(client)
    for seq in (4, 6, -1):
        audience.acknowledge(client, seq)
    assert len(wishes) == 1
    audience.acknowledge(client, 5)
    audience.acknowledge(client, 5)
    assert len(wishes) == 2


def test_a_command_lends_one_frame_and_no_second_one_until_the_last_is_drawn() -> None:
    audience, (client,), wishes = audience_of(1)
    audience.deliver(frame(5, None))
    everything(client)
    for _ in range(3):
        audience.hurry(client)
    assert wishes[1:] == [Want("r", (here(5),))]
    audience.deliver(frame(6, here(5)))
    assert everything(client) == [b"head body tail 5"]
    audience.hurry(client)
    audience.acknowledge(client, 5)
    assert len(wishes) == 2
    audience.acknowledge(client, 6)
    assert wishes[2:] == [Want("r", (here(6),))]


def test_the_wish_of_a_command_goes_with_it_once() -> None:
    audience, (client,), wishes = audience_of(1)
    audience.deliver(frame(5, None))
    everything(client)
    assert [audience.lend(client) for _ in range(3)] == [(here(5),), None, None]
    audience.acknowledge(client, 5)
    assert len(wishes) == 1, "what a command has asked for is not asked again"
    audience.deliver(frame(6, here(5)))
    assert everything(client) == [b"head body tail 5"]
    audience.acknowledge(client, 6)
    assert wishes[1:] == [Want("r", (here(6),))]


def test_a_slow_client_slows_nobody_and_gets_a_tail_of_its_own() -> None:
    audience, (quick, slow), wishes = audience_of(1, 2)
    audience.deliver(frame(1, None))
    assert everything(quick) == everything(slow) == [b"head body tail None"]
    for step in (2, 3, 4):
        audience.acknowledge(quick, step - 1)
        audience.deliver(frame(step, here(step - 1)))
        assert everything(quick) == [f"head body tail {step - 1}".encode()]
        assert everything(slow) == []
    audience.acknowledge(slow, 1)
    assert wishes[-1] == Want("r", (here(1),))
    audience.deliver(frame(4, here(1)))
    assert everything(slow) == [b"head body tail 1"]


def test_clients_in_step_share_one_message() -> None:
    audience, clients, wishes = audience_of(1, 2, 3)
    audience.deliver(frame(1, None))
    first, second, third = (everything(client)[0] for client in clients)
    assert first is second is third
    assert wishes == [Want("r", (None,))]


def test_who_comes_between_wish_and_frame_is_asked_for_again() -> None:
    audience, (first,), wishes = audience_of(1)
    audience.deliver(frame(1, None))
    everything(first)
    audience.acknowledge(first, 1)
    late = Client(2, Limits())
    audience.enter(late)
    assert set(wishes[-1].positions) == {here(1), None}
    audience.deliver(frame(2, here(1)))
    assert everything(late) == []
    asked = len(wishes)
    audience.deliver(frame(2, None))
    assert everything(late) == [b"head body tail None"]
    assert len(wishes) == asked


def test_only_the_newest_state_waits_and_all_replies_do_in_order() -> None:
    audience, (client,), _ = audience_of(1)
    for number in range(3):
        client.reply(f"reply {number}")
        audience.publish(Publish("r", "state", f"state {number}"))
    assert everything(client) == ["reply 0", "reply 1", "reply 2", "state 2"]


def test_a_newcomer_hears_what_all_others_know() -> None:
    audience, _, _ = audience_of(1)
    for kind in ("data", "layout", "state"):
        audience.publish(Publish("r", kind, kind if kind != "data" else b"data"))
    late = Client(2, Limits())
    audience.enter(late)
    assert everything(late) == ["state", "layout", b"data"]


def test_a_newcomer_does_not_hear_news_that_are_old() -> None:
    audience, (client,), _ = audience_of(1)
    audience.publish(Publish("r", "state", "state with a reason", "state"))
    late = Client(2, Limits())
    audience.enter(late)
    assert (everything(client), everything(late)) == (["state with a reason"], ["state"])


def test_large_things_wait_for_credit_and_texts_do_not() -> None:
    audience, (client,), _ = audience_of(1)
    audience.deliver(frame(1, None))
    everything(client)
    audience.publish(Publish("r", "data", b"data"))
    audience.publish(Publish("r", "state", "state"))
    assert everything(client) == ["state"]
    audience.acknowledge(client, 1)
    assert everything(client) == [b"data"]


def test_a_new_layout_takes_back_frames_that_cannot_be_read_with_it() -> None:
    audience, (client,), wishes = audience_of(1)
    audience.deliver(frame(1, None, history=True))
    audience.publish(Publish("r", "layout", "layout 2"))
    assert everything(client) == ["layout 2"]
    assert len(wishes) == 2
    audience.deliver(frame(2, wishes[-1].positions[0], history=True))
    assert everything(client)[0] == b"history"


def test_the_same_layout_is_not_sent_twice() -> None:
    audience, (client,), _ = audience_of(1)
    audience.publish(Publish("r", "layout", "layout"))
    assert everything(client) == ["layout"]
    audience.publish(Publish("r", "layout", "layout"))
    assert everything(client) == []


def test_what_can_be_read_with_a_layout_like_the_old_one_is_not_taken_back() -> None:
    for alike, left in ((True, ["layout 2", b"history", b"headbodytail"]), (False, ["layout 2"])):
        audience, (client,), _ = audience_of(1)
        client.offer("history", b"history")
        client.offer("frame", b"headbodytail")
        audience.publish(Publish("r", "layout", "layout 2", alike=alike))
        assert everything(client) == left


def test_what_is_told_once_is_heard_before_what_is_newer() -> None:
    audience, (client,), _ = audience_of(1)
    everything(client)
    audience.publish(Publish("r", "state", "old", "old"))
    audience.publish(Publish("r", "state", "built again, because", "built again"))
    audience.publish(Publish("r", "state", "new", "new"))
    assert everything(client) == ["built again, because", "new"]
    late = Client(2, Limits())
    audience.enter(late)
    assert everything(late) == ["new"]


class Elsewhere(Client):
    """Somebody whose socket is at another server: to look at them for each frame would be for nothing."""

    here = False

    @property
    def waits_for_frame(self) -> bool:
        raise AssertionError("it was asked whether it waits for a frame")

    def withdraw(self, kind: str) -> None:
        raise AssertionError("something was taken back from it")


def test_who_is_elsewhere_is_not_gone_through_for_frames_and_news_but_is_one_of_them() -> None:
    audience, (near,), _ = audience_of(1)
    far = Elsewhere(2, Limits())
    audience.enter(far)
    offered: list[str] = []
    far.offer = lambda kind, payload: offered.append(kind)  # type: ignore[method-assign]
    audience.deliver(frame(1, None))
    audience.acknowledge(near, 1)
    audience.publish(Publish("r", "state", "state"))
    audience.publish(Publish("r", "layout", "layout"))
    audience.show("glance", "glance", near)
    assert offered == []
    assert set(audience.clients) == {1, 2}
    audience.tell_saved({2: 5})
    assert offered == ["saved"]
    audience.leave(far)
    audience.leave(near)
    audience.deliver(frame(2, here(1)))
    assert not audience.clients
    assert everything(near)[-1] == "layout"


def test_of_hundreds_who_have_drawn_only_the_first_at_each_place_asks_for_a_frame() -> None:
    audience, clients, wishes = audience_of(*range(100))
    audience.deliver(frame(1, None))
    for client in clients:
        everything(client)
    for client in clients[:50]:
        audience.acknowledge(client, 1)
    assert wishes[1:] == [Want("r", (here(1),))]
    audience.deliver(frame(2, here(1)))
    for client in (*clients[:50], *clients[50:]):
        everything(client)
        audience.acknowledge(client, client.seq)
    assert [set(want.positions) for want in wishes[2:]] == [{here(2)}, {here(2), here(1)}]
