"""A memory works out what it does not have, once, and forgets what is not asked for again."""

from ruskor.memory import Memory


def test_a_key_is_worked_out_once():
    asked = []
    memory = Memory(lambda key: asked.append(key) or key * 2)
    assert [*map(memory.__getitem__, [1, 2, 1, 2, 1])] == [2, 4, 2, 4, 2]
    assert asked == [1, 2]


def test_what_is_asked_for_again_and_again_stays_while_the_rest_is_forgotten():
    asked = []
    memory = Memory(lambda key: asked.append(key) or -key, most=10)
    for rare in range(1, 200):
        assert (memory[0], memory[rare]) == (0, -rare)
    assert asked.count(0) == 1
    assert len(memory) + len(memory.older) <= 20
    assert memory[1] == -1
    assert asked.count(1) == 2
