"""`python -m tests.trials` runs every trial; or one: `tampering`, `forge`, `kills release`, `kills build`.

`tampering --sample` tries a part of the acts on one record. `kills release 20 7` kills 20 times, with the seed 7;
`forge 500 7` forges 500 files, with the seeds from 7. The exit status is 1 where an act was missed, where a reader of a
forged record failed, or where a killed command left something between the old and the new.
"""

import random
import sys

from tests.trials import forge, kills, tampering

USAGE = (
    "usage: python -m tests.trials "
    "[tampering [--sample] | forge [number [seed]] | kills (release | build) [number [seed]]]"
)
NUMBER = 100


def main(words: list[str]) -> int:
    match words:
        case []:
            seed = new_seed()
            done = [tampering.run(sample=False), *(kills.run(what, NUMBER, seed) for what in kills.SUBJECTS)]
            return max(*done, forge.run(NUMBER, seed))
        case ["tampering", *options] if options in ([], ["--sample"]):
            return tampering.run(sample=bool(options))
        case ["forge", *numbers] if are_numbers(numbers):
            return forge.run(*number_and_seed(numbers))
        case ["kills", what, *numbers] if what in kills.SUBJECTS and are_numbers(numbers):
            return kills.run(what, *number_and_seed(numbers))
    print(USAGE, file=sys.stderr)
    return 2


def are_numbers(words: list[str]) -> bool:
    return len(words) <= 2 and all(map(str.isdecimal, words))


def number_and_seed(words: list[str]) -> tuple[int, int]:
    """How often to try and with which seed; what was not given is the usual number and a seed of chance."""
    number, seed = [*map(int, words), *(NUMBER, new_seed())[len(words) :]]
    return number, seed


def new_seed() -> int:
    return random.SystemRandom().randrange(1_000_000)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
