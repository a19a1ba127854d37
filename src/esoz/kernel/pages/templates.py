"""Jinja environments: one for each language, so that a template is bound to its words once."""

import base64
import os
from collections import defaultdict
from collections.abc import MutableMapping, Sequence
from functools import cache
from gettext import NullTranslations
from types import CodeType
from typing import Any
from urllib.parse import urlencode

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)
from jinja2.bccache import Bucket

from . import translations
from .assets import Assets
from .compiling import PageEnvironment
from .display import Display
from .tables import labelled

PORT = "govuk_frontend_jinja"


class _Compiled(BytecodeCache):
    """Code of templates in memory: compiling takes a hundred times longer than loading, and sites share templates."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}  # a template's key → the checksum of its source, its code

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key] = bucket.checksum, bucket.code


# One for each kind of environment: what does not change is computed at compiling, in the words of site and language.
_COMPILED: defaultdict[tuple[str, str], _Compiled] = defaultdict(_Compiled)


class _Lenient(BaseLoader):
    """Loads the ported components into an environment of their own: they lean on missing values, our pages never do."""

    def __init__(self) -> None:
        self._inner = Environment(
            loader=PrefixLoader({PORT: PackageLoader(PORT)}),
            autoescape=True,
            undefined=ChainableUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_COMPILED[PORT, ""],
        )

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        return self._inner.get_template(f"{PORT}/{name}")


@cache
def _components() -> _Lenient:
    """The ported components know nothing of a site, so all sites of a process share them."""
    return _Lenient()


def environments(packages: Sequence[str], assets: Assets) -> dict[str, Environment]:
    """Language → environment with the templates of `packages`, the first one's first, over those of the kernel."""
    components = _components()
    return {language: _environment(language, packages, assets, components) for language in translations.LANGUAGES}


def _environment(language: str, packages: Sequence[str], assets: Assets, components: BaseLoader) -> Environment:
    packages = (*packages, "esoz.kernel")
    loaders = [*map(PackageLoader, packages), PrefixLoader({PORT: components})]
    environment = PageEnvironment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED[packages[0], language],
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    messages = translations.load(language, packages)
    environment.gettext = messages.gettext
    # The method is added by the extension i18n, where no type tells of it.
    environment.install_gettext_translations(messages, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= Display(language, messages).filters() | {"base64": _base64, "labelled": labelled}
    environment.globals |= {
        "asset": assets.url,
        "has_asset": assets.__contains__,
        "language": language,
        "languages": translations.LANGUAGES,
        "messages": messages,
        "translate": messages.gettext,
        "new_form_token": _form_token,
        "with_query": with_query,
    }
    return environment


def messages_of(environment: Environment) -> NullTranslations:
    """The messages of the environment's language."""
    messages = environment.globals["messages"]
    assert isinstance(messages, NullTranslations)
    return messages


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _form_token() -> str:
    return os.urandom(16).hex()


def with_query(path: str, query: list[tuple[str, str]], **changes: object) -> str:
    """The same address with some parameters set; None takes one away."""
    kept = [(name, value) for name, value in query if name not in changes]
    pairs = kept + [(name, str(value)) for name, value in changes.items() if value is not None]
    return f"{path}?{urlencode(pairs)}" if pairs else path
