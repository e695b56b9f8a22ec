"""What is each piece of evidence worth? Log-linear models of the evidence, fitted by L-BFGS, the same on every run."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize

from bulletins.evidence.weights import Contest

Floats = npt.NDArray[np.float64]
_ITERATIONS = 60


class Design:
    """The candidates of many cases of one question as a sparse table, laid out once and fitted on any part of them.

    Args:
        cases: for each case the evidence of its candidates; gone through once.
        least: evidence that fewer cases have is left out.
    """

    def __init__(self, cases: Iterable[Mapping[str, Mapping[str, float]]], *, least: int) -> None:
        column: dict[str, int] = {}
        counts: Counter[int] = Counter()
        indices, strengths = array("i"), array("d")
        ends, first = [0], [0]
        #: The candidates of every case, in the order of their shares.
        self.values: list[tuple[str, ...]] = []
        for case in cases:
            begun = len(indices)
            for evidence in case.values():
                indices.extend(column.setdefault(name, len(column)) for name in evidence)
                strengths.extend(evidence.values())
                ends.append(len(indices))
            counts.update(set(indices[begun:]))
            self.values.append(tuple(case))
            first.append(len(ends) - 1)
        self.names = sorted(name for name, index in column.items() if counts[index] >= least)
        table = sp.csr_matrix(
            (np.array(strengths), np.array(indices), np.array(ends)), shape=(len(ends) - 1, len(column))
        )
        self._table = table[:, [column[name] for name in self.names]].tocsr()
        self._table.sort_indices()  # in whatever order evidence is gathered, it adds up alike to the last bit
        self._first = np.array(first)

    def fit(self, part: Sequence[int], right: Sequence[int], *, penalty: float) -> Floats:
        """Weights in the order of `names`, learned from some cases.

        Args:
            part: which cases.
            right: for each of these the place of its right candidate.
            penalty: half of it times the squared weights is added to the loss: doubt about what was seen seldom.
        """
        sizes = (self._first[1:] - self._first[:-1])[list(part)]
        rows = np.concatenate([np.arange(self._first[case], self._first[case + 1]) for case in part])
        table = self._table[rows]
        turned = table.T.tocsr()
        starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
        case_of = np.repeat(np.arange(len(sizes)), sizes)
        chosen = starts + np.array(right)
        truth = np.zeros(len(rows))
        truth[chosen] = 1.0

        def loss(weights: Floats) -> tuple[float, Floats]:
            shares = _shares(table @ weights, starts, case_of)
            value = -np.log(shares[chosen] + 1e-300).sum() + 0.5 * penalty * weights @ weights
            return float(value), turned @ (shares - truth) + penalty * weights

        start = np.zeros(len(self.names))
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS})
        return np.asarray(found.x, dtype=np.float64)

    def shares(self, weights: Floats) -> list[Floats]:
        """For each case the probability of each of its candidates."""
        starts = self._first[:-1]
        case_of = np.repeat(np.arange(len(starts)), self._first[1:] - starts)
        return np.split(_shares(self._table @ weights, starts, case_of), self._first[1:-1])

    def contest(self, weights: Floats) -> Contest:
        """The weights by name."""
        return Contest(dict(zip(self.names, weights.tolist(), strict=True)))


def _shares(scores: Floats, starts: npt.NDArray[np.int64], case_of: npt.NDArray[np.int64]) -> Floats:
    shares = np.exp(scores - np.maximum.reduceat(scores, starts)[case_of])
    return np.asarray(shares / np.add.reduceat(shares, starts)[case_of], dtype=np.float64)
