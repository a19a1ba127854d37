"""Beginning to work: who agreed in central gets a user and a workplace here, and a mail that says how to come in.

Two mails, one after the other. Central's own mail asks: do you want to work there? Its link leads to central, and yes
makes the employee. Ours comes after the yes: a link to choose a password here, or, for those who come in already, the
news of one more workplace. It always goes to the address of the user, never to another one that somebody typed.
"""

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection
from esoz.kernel.outbox import Message, put
from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_number, same_number
from esoz.mis.base.services import Services
from esoz.mis.link.access import CentralSession, ConsentNeeded
from esoz.mis.sign_in import login
from esoz.sdk import CentralError

from ..model.employees import TOKEN_BYTES, Employee, Event, Request, digest_of, fits, is_named_alike
from ..store import people, places, requests
from ..store.audit import note

LINK_SUBJECT = _("Ваш вхід до робочого місця ЕСОЗ")
LINK_TEXT = _(
    "{clinic} дає Вам вхід до робочого місця ЕСОЗ. Ваш логін – ця адреса пошти.\n\n"
    "Задайте пароль за посиланням. Воно діє 7 днів і лише один раз:\n\n{url}/welcome/{token}\n\n"
    "Якщо строк мине, натисніть «Забули пароль?» на сторінці входу або попросіть заклад надіслати лист ще раз."
)
PLACE_SUBJECT = _("Нове місце роботи в ЕСОЗ")
PLACE_TEXT = _(
    "{clinic} додала Вам місце роботи. Увійдіть, як завжди: {url}\n\n"
    "Якщо Ви працюєте в кількох місцях, після входу оберіть, де працюєте зараз.\n\n"
    "Якщо Ви не домовлялися про цю роботу, повідомте заклад."
)
TAKEN_SUBJECT = _("Цю пошту вказали для іншої людини")
TAKEN_TEXT = _(
    "{clinic} вказала цю адресу для працівника, чиї дані не збігаються з Вашими. Ми нічого не змінили.\n\n"
    "Якщо це помилка у Ваших даних, зверніться до закладу."
)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is to be let in: an employee of central, their tax number and the address they gave."""

    employee: Employee
    tax_id: str
    email: str


async def let_in(db: Connection, services: Services, central: CentralSession) -> None:
    """Let in everybody of a clinic who has agreed in central and has no access yet."""
    waiting = await requests.unjoined(db, central.clinic_id)
    if not waiting:
        return
    employees, known = (
        await people.everybody(db, central.clinic_id),
        await places.known_employees(db, central.clinic_id),
    )
    for request in waiting:
        employee = await _came_of(central, request, employees, known)
        if employee is None:
            continue
        known.add(employee.employee_id)
        with contextlib.suppress(asyncpg.UniqueViolationError):  # their user is being made elsewhere: at the next turn
            async with db.transaction():
                await _let_in(db, services, request, employee)


async def _let_in(db: Connection, services: Services, request: Request, employee: Employee) -> None:
    if employee.works and not request.is_change:
        await join(db, services, Newcomer(employee, request.payload["party"]["tax_id"], request.email))
    # Central has it all now: what was typed is not needed here any more.
    await requests.change(
        db,
        request.id,
        employee_id=employee.employee_id,
        joined_at=services.clock.now(),
        form={},
        content=None,
        signed=None,
    )


async def _came_of(
    central: CentralSession, request: Request, employees: Sequence[Employee], known: set[UUID]
) -> Employee | None:
    """The employee that an agreed invitation has become.

    Central's list tells no tax id. Among people of one name, and when the register has another name by now, the details
    decide, which have it.
    """
    if request.is_change:
        return next((each for each in employees if each.employee_id == request.employee_id), None)
    found = [each for each in employees if each.employee_id not in known and fits(request, each)]
    named = [each for each in found if is_named_alike(request, each)]
    if len(named) == 1:
        return named[0]
    try:
        details = [(each, await central.get(f"/api/employees/{each.employee_id}")) for each in named or found]
    except (CentralError, ConsentNeeded):  # only some roles may read them: somebody who may comes in later
        return None
    tax_id = request.payload["party"]["tax_id"]
    return next((each for each, answer in details if same_number(answer.record()["party"].get("tax_id"), tax_id)), None)


async def join(db: Connection, services: Services, newcomer: Newcomer) -> None:
    """Give a person a workplace, and a user if they have none; the mail tells them. Doing it twice changes nothing."""
    employee, now = newcomer.employee, services.clock.now()
    await places.wait_turn(db, plain_number(newcomer.tax_id))
    if await places.workplace_of(db, employee.employee_id) is not None:
        return
    user = await places.user_of(db, newcomer.tax_id, newcomer.email)
    is_theirs = user is None or user["tax_id"] is None or same_number(user["tax_id"], newcomer.tax_id)
    if user is not None and not (user["is_active"] and is_theirs):
        await _mail(db, services, employee.clinic_id, user["email"], (TAKEN_SUBJECT, TAKEN_TEXT))
        return
    user_id = user["id"] if user else await _new_user(db, services, newcomer)
    await places.set_tax_id(db, user_id, newcomer.tax_id)
    workplace_id = await login.add_workplace(
        db,
        user_id,
        employee.clinic_id,
        role=employee.role,
        employee_id=employee.employee_id,
        position=services.dictionaries.describe("POSITION", employee.position),
        division_id=employee.division_id,
        division_name=employee.division_name,
    )
    await places.begin(db, workplace_id, now)
    await tell(db, services, employee.clinic_id, user_id, user["email"] if user else newcomer.email)
    await note(db, Event.JOINED, employee.employee_id, clinic_id=employee.clinic_id, at=now, user_id=str(user_id))


async def _new_user(db: Connection, services: Services, newcomer: Newcomer) -> UUID:
    """A user whose password nobody knows: the link of the mail sets one."""
    employee = newcomer.employee
    person = login.Person(
        last_name=employee.last_name,
        first_name=employee.first_name,
        second_name=employee.second_name,
        tax_id=newcomer.tax_id,
    )
    password = f"Aa1-{secrets.token_urlsafe(TOKEN_BYTES)}"
    user_id = await login.add_user(
        db, services.passwords, newcomer.email, password, person=person, at=services.clock.now()
    )
    await places.mark_unknown(db, user_id)
    return user_id


async def send_link(db: Connection, services: Services, clinic_id: UUID, user_id: UUID, email: str) -> None:
    """Mail a link to set a password; the one before leads nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await places.add_link(db, digest_of(token), user_id, services.clock.now())
    await _mail(db, services, clinic_id, email, (LINK_SUBJECT, LINK_TEXT), token=token)


async def tell(db: Connection, services: Services, clinic_id: UUID, user_id: UUID, email: str) -> None:
    """Mail how to come in: a link for who never came, else only where to sign in."""
    if await places.has_password(db, user_id):
        await _mail(db, services, clinic_id, email, (PLACE_SUBJECT, PLACE_TEXT))
    else:
        await send_link(db, services, clinic_id, user_id, email)


async def _mail(
    db: Connection, services: Services, clinic_id: UUID, email: str, message: tuple[str, str], **values: Any
) -> None:
    clinic = await places.clinic_name(db, clinic_id)
    subject, text = message
    body = text.format(clinic=clinic, url=services.base_url, **values)
    await put(db, Message("mail", email, body, subject), id=new_id(), now=services.clock.now())
