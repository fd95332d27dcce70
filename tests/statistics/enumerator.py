"""An attacker without a solver: searches whole-number tables one atom at a time."""

from itertools import product


class Enumerator:
    """Atoms are tuples of finest codes; each printed row is a set of atoms with a value, or hidden."""

    def __init__(self, atoms, rows, most):
        self.atoms = list(atoms)
        self.known = [(frozenset(members), value) for members, value in rows if value is not None]
        self.most = most

    def allows(self, members, value):
        """Tell whether some whole-number table agrees with the print and gives these atoms this sum."""
        sums = [*self.known, (frozenset(members), value)]
        left = [value for _, value in sums]
        touching = {
            atom: [at for at, (inside, _) in enumerate(sums) if atom in inside] for atom in self.atoms
        }
        remaining = [sum(atom in inside for atom in self.atoms) for inside, _ in sums]
        order = sorted(self.atoms, key=lambda atom: min((left[at] for at in touching[atom]), default=0))
        return self._place(order, 0, touching, left, remaining)

    def _place(self, order, depth, touching, left, remaining):
        if depth == len(order):
            return all(value == 0 for value in left)
        own = touching[order[depth]]
        top = min([self.most, *(left[at] for at in own)])
        last = [left[at] for at in own if remaining[at] == 1]
        choices = (
            range(top, -1, -1) if not last else [last[0]] if len(set(last)) == 1 and last[0] <= top else []
        )
        for choice in choices:
            for at in own:
                left[at] -= choice
                remaining[at] -= 1
            found = self._place(order, depth + 1, touching, left, remaining)
            for at in own:
                left[at] += choice
                remaining[at] += 1
            if found:
                return True
        return False

    def can_be_zero(self, members):
        return self.allows(members, 0)

    def can_reach(self, members, goal):
        return any(self.allows(members, value) for value in range(goal, goal + self.most))


def grid(*axes):
    """Return every combination of finest codes."""
    return list(product(*axes))
