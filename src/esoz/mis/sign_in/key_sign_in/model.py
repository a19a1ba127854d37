"""What is signed to come in with КЕП: text that a person can read, so that nobody signs in elsewhere with it."""

import json
from datetime import datetime

from esoz.kernel.clock import KYIV
from esoz.kernel.pages import mark as _

PURPOSE = "key"
FILE = "vhid-do-robochoho-mistsia.json"
STALE = _("Цей запит на вхід застарів або вже використаний. Підпишіть новий: він діє п’ять хвилин і лише один раз.")
NO_CODE = _("У сертифікаті цього ключа немає РНОКПП. Увійдіть ключем, виданим Вам особисто, або паролем.")
NOT_YOURS = _("Екран заблокував інший працівник. Розблокуйте його ключем того, хто тут працює, або вийдіть.")
NOT_ONE = _(
    "За РНОКПП цього ключа не знайдено рівно одного працівника. Увійдіть паролем або попросіть керівника закладу"
    " перевірити Ваш РНОКПП у робочому місці."
)


def text_to_sign(site: str, made_at: datetime, challenge: bytes) -> bytes:
    """The request: where to, when, and what makes it good only once. The same bytes for the same challenge."""
    request = {
        "Запит": "вхід до робочого місця ЕСОЗ",
        "Сайт": site,
        "Час": f"{made_at.astimezone(KYIV):%d.%m.%Y %H:%M:%S}",
        "Діє": "5 хвилин, один раз",
        "Номер": challenge.hex(),
    }
    return json.dumps(request, ensure_ascii=False, indent=1).encode()
