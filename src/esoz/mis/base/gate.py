"""While something must be done first (a new password, the unlocking of the screen), nothing but one page opens."""

from dataclasses import dataclass

ALWAYS_OPEN = frozenset({"/sign-out"})


@dataclass(frozen=True, slots=True)
class Gate:
    """While the session carries `mark`, every way leads to `page`; the paths of `open` stay open besides.

    `below`: so do all pages below `page`.
    """

    mark: str
    page: str
    open: frozenset[str] = frozenset()
    below: bool = False

    def lets(self, path: str) -> bool:
        """Does this path open before the gate?"""
        is_below = self.below and path.startswith(f"{self.page}/")
        return path == self.page or is_below or path in self.open or path in ALWAYS_OPEN
