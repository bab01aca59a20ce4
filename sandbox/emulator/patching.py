"""How an add-on changes moto: every change names its symbol, so a moto that lacks one is refused at start."""

from typing import Any, Callable

_problems: list[str] = []


def replaces(owner: Any, name: str) -> Callable[[Callable], Callable]:
    """Puts the function in the place of `owner.name`; it gets what was there as its first argument."""

    def install(function: Callable) -> Callable:
        original = getattr(owner, name, None)
        if original is None:
            _problems.append(f"{_path(owner)}.{name} is missing ({function.__module__} replaces it)")
            return function

        def replacement(*args: Any, **kwargs: Any) -> Any:
            return function(original, *args, **kwargs)

        replacement.__name__ = name
        setattr(owner, name, replacement)
        return function

    return install


def adds(owner: Any, name: str) -> Callable[[Any], Any]:
    """Gives `owner` what it lacks, or knows only as inherited 'not implemented'."""

    def install(value: Any) -> Any:
        if name in vars(owner):
            _problems.append(f"{_path(owner)}.{name} exists now ({value.__module__} would hide it)")
        else:
            setattr(owner, name, value)
        return value

    return install


def requires(owner: Any, *names: str) -> None:
    """Says which symbols an add-on reads or sets besides those it replaces."""
    for name in names:
        if not hasattr(owner, name):
            _problems.append(f"{_path(owner)}.{name} is missing")


def self_test() -> None:
    """Run when all add-ons are loaded; raises one line that names each symbol that is not as expected."""
    if _problems:
        raise SystemExit(f"moto is not the version these add-ons were written for: {'; '.join(_problems)}")


def _path(owner: Any) -> str:
    return f"{owner.__module__}.{owner.__qualname__}" if isinstance(owner, type) else owner.__name__
