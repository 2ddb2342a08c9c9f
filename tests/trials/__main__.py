"""`python -m tests.trials` runs every trial; or one: `tampering`, `kills release`, `kills build`.

`tampering --sample` tries a part of the acts on one record; `kills release 20 7` kills 20 times, with the seed 7. The
exit status is 1 where an act was missed, or where a killed command left something between the old and the new.
"""

import random
import sys

from tests.trials import kills, tampering

USAGE = "usage: python -m tests.trials [tampering [--sample] | kills (release | build) [number [seed]]]"
NUMBER = 100


def main(words: list[str]) -> int:
    match words:
        case []:
            seed = new_seed()
            done = [tampering.run(sample=False), *(kills.run(what, NUMBER, seed) for what in kills.SUBJECTS)]
            return max(done)
        case ["tampering", *options] if options in ([], ["--sample"]):
            return tampering.run(sample=bool(options))
        case ["kills", what, *numbers] if (
            what in kills.SUBJECTS and len(numbers) <= 2 and all(map(str.isdecimal, numbers))
        ):
            number, seed = [*map(int, numbers), *(NUMBER, new_seed())[len(numbers) :]]
            return kills.run(what, number, seed)
    print(USAGE, file=sys.stderr)
    return 2


def new_seed() -> int:
    return random.SystemRandom().randrange(1_000_000)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
