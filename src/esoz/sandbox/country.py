"""What the demo country consists of: clinics, pharmacies, workers, families. Facts only; build.py makes them real."""

import hashlib
from dataclasses import dataclass, field
from uuid import UUID, uuid5

SPACE = UUID(
    "0e5a0c1e-57a7-4c0d-9d0e-e50200000001"
)  # ids of the demo country follow from names: the same in every copy
SEED = 20_220_801  # the day the electronic prescription of antibiotics began
PATIENTS = 200
NEWCOMERS = 3  # people with a key whom central does not know: they can register
PASSWORD = "Пісочниця-2026"
SEAL_FILE, SEAL_OWNER, SEAL_EDRPOU = "central-seal.jks", "Центральна база даних ЕСОЗ (демо)", "40000999"
KEY_PASSWORD = "ключ-пісочниці"
MIS_NAME = "esoz mis"
CABINET_NAME = "esoz cabinet"
DIIA_NAME = "esoz diia"
PORTAL_NAME = "esoz portal"
TABLE = "demo.json"  # in VAR: who and what is there, for programs
HINT = "The doctor finds a patient, records a visit, writes a prescription; the inbox shows its SMS to the pharmacist."


def api_key(name: str) -> str:
    """The API-key of a demo vendor: known on purpose, the sandbox is for everyone."""
    return hashlib.sha256(f"sandbox api-key {name}".encode()).hexdigest()


def client_secret(name: str) -> str:
    """The OAuth secret of a demo client, known on purpose."""
    return hashlib.sha256(f"sandbox client secret {name}".encode()).hexdigest()


def fixed_id(name: str) -> UUID:
    """The id of a thing of the demo country."""
    return uuid5(SPACE, name)


@dataclass(frozen=True, slots=True)
class Settlement:
    """A real settlement by its KATOTTG code, with the names above it."""

    code: str
    settlement: str
    type: str
    region: str
    district: str | None


KYIV = Settlement("UA80000000000093317", "Київ", "CITY", "Київ", None)
LVIV = Settlement("UA46060250010015970", "Львів", "CITY", "Львівська", "Львівський")
VINNYTSIA = Settlement("UA05020030010063857", "Вінниця", "CITY", "Вінницька", "Вінницький")
POLTAVA = Settlement("UA53080370010073240", "Полтава", "CITY", "Полтавська", "Полтавський")
# Lies in a community of the list of active hostilities, see spec/war_territories.csv.
PYSARIVKA = Settlement("UA59040030010059554", "Велика Писарівка", "SETTLEMENT", "Сумська", "Охтирський")
KOLOMYIA = Settlement("UA26080070010075786", "Коломия", "CITY", "Івано-Франківська", "Коломийський")
PLACES = (KYIV, LVIV, VINNYTSIA, POLTAVA, KOLOMYIA)


@dataclass(frozen=True, slots=True)
class Worker:
    """One position; `key` names the person, so one person may hold several."""

    key: str
    employee_type: str
    position: str
    email: str
    speciality: str | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A clinic or a pharmacy with its one division and its workers."""

    key: str
    name: str
    short_name: str
    type: str
    edrpou: str
    place: Settlement
    street: str
    division: str
    division_type: str
    workers: tuple[Worker, ...] = field(default=())

    @property
    def id(self) -> UUID:
        return fixed_id(f"organisation {self.key}")

    @property
    def division_id(self) -> UUID:
        return fixed_id(f"division {self.key}")


ORGANISATIONS = (
    Organisation(
        "family",
        "КНП «Центр первинної допомоги «Калина»",
        "ЦПМСД «Калина»",
        "PRIMARY_CARE",
        "40000013",
        KYIV,
        "Садова",
        "Амбулаторія № 1",
        "CLINIC",
        (
            Worker("family-owner", "OWNER", "P3", "owner@kalyna.example"),
            Worker("family-doctor", "DOCTOR", "P7", "doctor@kalyna.example", "FAMILY_DOCTOR"),
            Worker("family-pediatrician", "DOCTOR", "P8", "pediatrician@kalyna.example", "PEDIATRICIAN"),
            Worker("family-nurse", "ASSISTANT", "P191", "nurse@kalyna.example", "DIETETICS"),
            Worker("family-receptionist", "RECEPTIONIST", "P15", "receptionist@kalyna.example"),
            Worker("family-admin", "ADMIN", "P15", "admin@kalyna.example"),
            Worker("family-hr", "HR", "P14", "hr@kalyna.example"),
            Worker("family-laborant", "LABORANT", "P17", "laborant@kalyna.example", "VIROLOGY"),
        ),
    ),
    Organisation(
        "hospital",
        "КНП «Міська лікарня святого Пантелеймона»",
        "Міська лікарня",
        "OUTPATIENT",
        "40000029",
        LVIV,
        "Лікарняна",
        "Поліклініка",
        "CLINIC",
        (
            Worker("hospital-specialist", "SPECIALIST", "P10", "therapist@likarnia.example", "THERAPIST"),
            Worker("visiting-doctor", "SPECIALIST", "P10", "visiting@polissia.example", "THERAPIST"),
        ),
    ),
    Organisation(
        "rural",
        "КНП «Амбулаторія сімейної медицини «Полісся»",
        "АЗПСМ «Полісся»",
        "PRIMARY_CARE",
        "40000035",
        POLTAVA,
        "Польова",
        "Амбулаторія",
        "AMBULANT_CLINIC",
        (
            Worker("rural-doctor", "DOCTOR", "P7", "doctor@polissia.example", "FAMILY_DOCTOR"),
            # Works at two clinics, and is two things at one clinic.
            Worker("visiting-doctor", "DOCTOR", "P7", "visiting@polissia.example", "FAMILY_DOCTOR"),
            Worker("rural-head", "OWNER", "P3", "head@polissia.example"),
            Worker("rural-head", "DOCTOR", "P7", "head@polissia.example", "FAMILY_DOCTOR"),
        ),
    ),
    Organisation(
        "pharmacy",
        "ТОВ «Аптека «Ромашка»",
        "Аптека «Ромашка»",
        "PHARMACY",
        "40000041",
        KYIV,
        "Хрещата",
        "Аптека № 1",
        "DRUGSTORE",
        (
            Worker("pharmacy-owner", "PHARMACY_OWNER", "P2", "owner@romashka.example"),
            Worker("pharmacist", "PHARMACIST", "P16", "pharmacist@romashka.example", "PHARMACIST"),
        ),
    ),
    Organisation(
        "other-pharmacy",
        "ТОВ «Аптека «Подорожник»",
        "Аптека «Подорожник»",
        "PHARMACY",
        "40000057",
        LVIV,
        "Городня",
        "Аптека № 7",
        "DRUGSTORE",
        (Worker("other-pharmacist", "PHARMACIST", "P16", "pharmacist@podorozhnyk.example", "PHARMACIST"),),
    ),
    Organisation(
        "front-pharmacy",
        "ТОВ «Аптека «Полин»",
        "Аптека «Полин»",
        "PHARMACY",
        "40000074",
        PYSARIVKA,
        "Степова",
        "Аптека № 3",
        "DRUGSTORE",
        (Worker("front-pharmacist", "PHARMACIST", "P16", "pharmacist@polyn.example", "PHARMACIST"),),
    ),
)

MIS_ID = fixed_id("broker mis")
CABINET_BROKER_ID = fixed_id("broker cabinet")
CABINET_ID = fixed_id("client cabinet")
DIIA_BROKER_ID = fixed_id("broker diia")
DIIA_ID = fixed_id("client diia")
PORTAL_BROKER_ID = fixed_id("broker portal")
PORTAL_ID = fixed_id("client portal")
SHOWN_WORKERS = frozenset(
    {
        "family-doctor",
        "family-hr",
        "hospital-specialist",
        "visiting-doctor",
        "pharmacist",
        "other-pharmacist",
        "front-pharmacist",
    }
)
SHOWN_PATIENTS = 3
# Who also has a revoked and an expired key, to see how signing with them is refused.
WITH_REFUSED_KEYS = frozenset({"family-doctor"})
