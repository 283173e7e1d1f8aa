"""Playing a film: how far one comes in how long, what is skipped, where it stops."""

from sessions.events import AttemptStarted, BlockFinished, CheckpointOpened, Noticed, PlanApproved
from sessions.film import Film
from sessions.plan import Plan
from tui.player import SPEEDS, Player


def film(*times: float) -> Film:
    return Film(Noticed(message="", t=t) for t in times)


def test_it_plays_only_when_it_is_told_to_and_stops_at_the_end() -> None:
    player = Player(film(0.0, 1.0, 1.5))
    player.play(1.0)
    assert (player.n, player.t) == (0, 0.0)
    player.playing = True
    player.play(0.5)
    assert (player.n, player.t, player.playing) == (1, 0.5, True)
    player.play(0.6)
    assert (player.n, player.playing) == (2, True)
    player.play(9.0)
    assert (player.n, player.t, player.playing, player.at_end) == (3, 1.5, False, True)


def test_where_more_may_come_it_waits_at_the_end() -> None:
    growing = film(0.0, 1.0)
    player = Player(growing)
    player.playing = player.open = True
    player.play(5.0)
    assert player.playing and player.n == 2
    growing.extend([Noticed(message="", t=2.0)])
    player.play(1.0)
    assert (player.n, player.t) == (3, 2.0)


def test_speed_has_steps_and_ends() -> None:
    player = Player(film(0.0, 100.0), 1)
    assert player.speed == 1.0 and player.faster(2) and player.speed == 4.0
    player.playing = True
    player.play(0.25)
    assert player.t == 93.0, "the idle time is skipped but for two seconds of real time, then a second is played"
    assert player.faster(99) and player.speed == SPEEDS[-1] and not player.faster(1)
    assert player.faster(-99) and player.speed == SPEEDS[0] and not player.faster(-1)


def test_of_a_long_wait_two_seconds_are_left_and_it_says_so() -> None:
    player = Player(film(1.0, 61.0, 61.5))
    player.go(1)
    player.playing = True
    player.play(0.5)
    assert (player.t, player.skipped) == (59.5, 58.0)
    player.play(1.0)
    assert (player.t, player.skipped) == (60.5, 58.0)
    player.play(0.5)
    player.play(0.1)
    assert (player.n, player.skipped) == (2, 0.0)


def test_a_wait_in_which_text_streams_is_not_idle() -> None:
    began = AttemptStarted(spoke="a", attempt=1, role="r", model="m", t=1.0)
    said = BlockFinished(spoke="a", attempt=1, turn=1, block=0, type="text", text="ab", pace=((1, 0), (2, 30_000)))
    said = said.model_copy(update={"t": 61.0})
    player = Player(Film([began, said]), 1)
    player.playing = True
    player.play(0.5)
    assert (player.t, player.skipped) == (29.5, 28.0), "up to two seconds before the text begins"
    player.play(2.0)
    player.play(0.5)
    assert (player.t, player.skipped) == (32.0, 0.0)


def test_it_goes_to_an_event_and_to_a_time_and_not_beyond_the_ends() -> None:
    player = Player(film(1.0, 1.0, 3.0))
    player.go(1)
    assert (player.n, player.t) == (1, 1.0)
    player.playing = True
    player.play(0.1)
    assert player.n == 2, "what happened at once goes on at once"
    for n, expected in ((99, (3, 3.0)), (-1, (0, 0.0))):
        player.go(n)
        assert (player.n, player.t) == expected
    for t, expected in ((2.0, (2, 2.0)), (-5.0, (0, 0.0)), (99.0, (3, 3.0))):
        player.seek(t)
        assert (player.n, player.t) == expected
    assert Player(Film()).at_end


def test_a_wait_for_a_person_is_idle() -> None:
    plan = Plan(subtasks=())
    told = [CheckpointOpened(plan=plan, t=1.0), PlanApproved(step="approve/1", plan=plan, t=61.0)]
    player = Player(Film(told), 1)
    player.playing = True
    player.play(0.5)
    assert (player.t, player.skipped) == (59.5, 58.0)
