"""Many names, arranged so that a search looks once at each word, however many people bear it."""

from collections import defaultdict
from collections.abc import Set as AbstractSet

from casemgr.text.names import Folded, Ranking, fold


class NameBook:
    """Names by the id of whoever bears them; finds exactly what `match_rank` would, name by name."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._by_word: defaultdict[str, set[str]] = defaultdict(set)
        self._by_whole: defaultdict[str, set[str]] = defaultdict(set)
        self._folded: dict[str, Folded] = {}

    def __len__(self) -> int:
        return len(self._names)

    def ids(self) -> AbstractSet[str]:
        """Return whose names are in the book."""
        return self._names.keys()

    def missing(self, ids: AbstractSet[str]) -> set[str]:
        """Return those of some ids whose names are not in the book."""
        return set(ids - self._names.keys())

    def put(self, row_id: str, name: str) -> None:
        """Write a name down, in place of an earlier one."""
        self.drop(row_id)
        self._names[row_id] = name
        for word in set(name.split()):
            self._by_word[word].add(row_id)
        self._by_whole[self._whole(name)].add(row_id)

    def drop(self, row_id: str) -> None:
        """Take a name out, if it is there."""
        name = self._names.pop(row_id, None)
        if name is None:
            return
        _take_out(self._by_whole, self._whole(name), row_id)
        for word in set(name.split()):
            _take_out(self._by_word, word, row_id)
            if word not in self._by_word:
                self._folded.pop(word, None)

    def find(self, query: str, among: AbstractSet[str]) -> dict[str, int]:
        """Return how well the query fits the names of some ids; those whom it does not fit are left out."""
        ranking = Ranking(query, self._folded)
        found: set[str] = set()
        if ranking.words:
            fits = {word: ranking.fits(word) for word in self._by_word}
            bearers = [
                set().union(*(self._by_word[word] for word, fit in fits.items() if fit[place]))
                for place in range(ranking.words)
            ]
            found = set.intersection(*bearers) | self._by_whole.get(ranking.whole, set())
        ranks = ((row_id, ranking.rank(self._names[row_id])) for row_id in found & among)
        return {row_id: rank for row_id, rank in ranks if rank is not None}

    def _whole(self, name: str) -> str:
        for word in name.split():
            if word not in self._folded:
                self._folded[word] = fold(word)
        return "".join(bare for word in name.split() for bare in self._folded[word].bare)


def _take_out(index: dict[str, set[str]], key: str, row_id: str) -> None:
    index[key].discard(row_id)
    if not index[key]:
        del index[key]
