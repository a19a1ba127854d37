"""Every sentence of the command line, in Ukrainian and in English."""

import re

from ..errors import NotAKeyFile, NotASignature, SignatureError

_REASONS = {
    "signature_error": "The signature is not accepted.",
    "unreadable": "The file is damaged or is not a file of an electronic signature. Check that it is the right one.",
    "unsupported": "Made in a way that is not supported.",
    "wrong_content": "The document was changed after it was signed.",
    "not_for_signature": "The signature is not about this document. Give the document that was signed.",
    "wrong_signature": "The electronic signature is not valid.",
    "untrusted": "The certificate was issued by a provider that is not in the trust list.",
    "not_yet_valid": "The certificate is not valid yet.",
    "expired": "The certificate has expired.",
    "revoked": "The certificate is revoked or suspended.",
    "not_for_signing": "The certificate is not meant for this purpose.",
    "wrong_password": "The password of the key is wrong.",
    "wrong_argument": "The library was called in a wrong way. This is an error of the program.",
    "no_service": "A service of the provider did not answer. Check the connection and the address.",
    "no_certificate": "The certificate is missing. Add the file with the certificate.",
}

# Kinds of errors that share the code of another one and say it better.
_BETTER = {
    "UnsupportedKeyFile": "This kind of a key file is not supported. Save the key as PKCS#12 (.p12) with AES.",
    "WeakSignature": "Made with an outdated algorithm that must not be trusted any more.",
    "NotAdvanced": "The signature has no signed attributes (it is not CAdES) and is not accepted.",
    "NotASignature": "This is not an electronic signature. Check that it is the right file.",
    "WrongKeyPassword": "The store is open, but the key in it has another password. Add --key-password-file.",
    "NotAKeyFile": "This is not a key file. Choose the file that holds the private key.",
    "NoDocument": "The signature lies apart from its document. Give the document that was signed: --content FILE.",
    "NoAddress": "The certificate does not name the service. Give its address: --tsp, --ocsp or --crl URL.",
    "ServiceRefused": "A service refused to answer. Check that it is of the provider that issued the certificate.",
    "NoTrustList": "There is no trust list. Give a folder of certificates of providers, or CACertificates.p7b.",
    "NoKey": "There is no private key in the file. Choose the file that holds it.",
}

_SENTENCES = {
    "no_trust": (
        "Ланцюжок не перевірено за довірчим списком: його не задано. Додайте --trust з текою сертифікатів надавачів.",
        "The chain was not checked against a trust list: none was given. Add --trust with a folder of certificates.",
    ),
    "embedded_trust": (
        "Увага: довіряємо сертифікатам із самого підпису. Хто їх видав, не перевірено.",
        "Note: the certificates inside the signature itself are believed. Who issued them was not checked.",
    ),
    "no_file": ("Не вдалося прочитати або записати файл.", "A file cannot be read or written."),
    "password": ("Пароль до ключа:", "Password of the key:"),
    "valid": ("Підпис дійсний.", "The signature is valid."),
    "invalid": ("Підпис недійсний.", "The signature is not valid."),
    "unknown_signer": ("Підписувача не встановлено", "Unknown signer"),
    "signed": ("Підписав(ла)", "Signed by"),
    "sealed": ("Печатка", "Seal of"),
    "counter_signed": ("Засвідчив(ла) підпис", "Counter-signed by"),
    "level": ("Рівень", "Level"),
    "level_lowered": ("Докази довгострокового підпису непридатні", "The proofs of the long-term signature do not hold"),
    "signed_at": ("Час за годинником підписувача", "Time by the signer's clock"),
    "proven_at": ("Час за позначкою надавача", "Time by a timestamp"),
    "judged_at": ("Перевірено на момент", "Judged at"),
    "chain": ("Ланцюжок", "Chain"),
    "revocation_known": ("Скасування перевірено: сертифікат чинний.", "Revocation checked: the certificate was good."),
    "revocation_unknown": ("Скасування не перевірено: немає відповіді OCSP чи списку.", "Revocation was not checked."),
    "content_sha256": ("SHA-256 документа", "SHA-256 of the document"),
    "nested": (
        "Документ сам є підписаним файлом. Щоб перевірити й підписи всередині, додайте --nested.",
        "The document is itself a signed file. Add --nested to verify the signatures inside as well.",
    ),
    "inside": ("Підписаний файл усередині:", "The signed file inside:"),
    "file_is": ("Цей файл", "The file is"),
    "no_such_file": ("Такого файла немає", "No such file"),
    "a_folder": ("Це тека, а не файл", "This is a folder and not a file"),
    "no_access": ("Немає доступу до файла", "No access to the file"),
    "locked": (
        "Файл зашифровано. Додайте --password-file або --password, щоб побачити вміст.",
        "The file is encrypted. Add --password-file or --password to see what is inside.",
    ),
    "yes": ("так", "yes"),
    "no": ("ні", "no"),
}

LABELS = {
    "kind": ("Що це", "Kind"),
    "subject": ("Кому видано", "Subject"),
    "issuer": ("Ким видано", "Issuer"),
    "serial_number": ("Серійний номер", "Serial number"),
    "not_before": ("Діє з", "Valid from"),
    "not_after": ("Діє до", "Valid to"),
    "common_name": ("Ім’я", "Common name"),
    "surname": ("Прізвище", "Surname"),
    "given_name": ("Власне ім’я", "Given name"),
    "drfo": ("РНОКПП", "Tax number"),
    "edrpou": ("ЄДРПОУ", "Organisation code"),
    "unzr": ("УНЗР", "Register number"),
    "organization": ("Організація", "Organisation"),
    "organizational_unit": ("Підрозділ", "Unit"),
    "title": ("Посада", "Title"),
    "locality": ("Місто", "Locality"),
    "country": ("Країна", "Country"),
    "person": ("Особа", "Person"),
    "is_seal": ("Печатка", "Seal"),
    "is_qualified": ("Кваліфікований", "Qualified"),
    "is_on_device": ("Ключ у захищеному носії", "Key in a qualified device"),
    "is_authority": ("Може видавати сертифікати", "May issue certificates"),
    "is_self_signed": ("Підписано власним ключем", "Signed by its own key"),
    "key": ("Ключ", "Key"),
    "key_identifier": ("Ідентифікатор ключа", "Key identifier"),
    "key_usage": ("Призначення ключа", "Key usage"),
    "purposes": ("Розширене призначення", "Extended key usage"),
    "signature_algorithm": ("Алгоритм підпису", "Signature algorithm"),
    "digest_algorithm": ("Геш", "Hash"),
    "fingerprint": ("SHA-256 файла", "SHA-256 fingerprint"),
    "ocsp": ("OCSP", "OCSP"),
    "tsp": ("Позначки часу", "Timestamps"),
    "crl": ("Списки скасованих", "Revocation lists"),
    "content": ("Документ", "Document"),
    "content_sha256": ("SHA-256 документа", "SHA-256 of the document"),
    "signers": ("Підписи", "Signatures"),
    "certificates": ("Сертифікати", "Certificates"),
    "level": ("Рівень", "Level"),
    "signer": ("Підписувач", "Signer"),
    "signed_at": ("Час підпису", "Signed at"),
    "timestamps": ("Позначки часу", "Timestamps"),
    "counter_signatures": ("Підписи на підписі", "Counter-signatures"),
    "chain": ("Ланцюжок", "Chain"),
    "keys": ("Ключі", "Keys"),
    "certificate": ("Сертифікат", "Certificate"),
    "encryption": ("Шифрування", "Encryption"),
    "number": ("Номер", "Number"),
    "base_number": ("Доповнює список №", "Continues list"),
    "this_update": ("Складено", "Made"),
    "next_update": ("Наступний", "Next"),
    "revoked": ("Скасовано", "Revoked"),
    "produced_at": ("Складено", "Produced"),
    "responder": ("Служба", "Responder"),
    "statuses": ("Стан сертифікатів", "Statuses"),
    "status": ("Стан", "Status"),
    "since": ("З", "Since"),
    "questions": ("Запитано про", "Questions"),
    "nonce": ("Випадкове число", "Nonce"),
    "is_signed": ("Підписано", "Signed"),
    "imprint": ("Відбиток", "Imprint"),
    "moment": ("Час", "Time"),
    "policy": ("Політика", "Policy"),
    "wants_certificate": ("Просить сертифікат служби", "Wants the certificate"),
    "signature": ("Підпис", "Signature"),
    "blocks": ("Частини файла", "Blocks"),
    "note": ("Зауваження", "Note"),
    "entries": ("Записи", "Entries"),
    "type": ("Тип", "Type"),
    "bits": ("Байти ключа", "Bytes of the key"),
    "locked_keys": ("Ключів з іншим паролем", "Keys with another password"),
    "unread": ("Не прочитано", "Not read"),
}

# What files are, for people. `inspect --json` has the English names.
KINDS = {
    "certificate": "сертифікат",
    "certificates": "набір сертифікатів без підписів",
    "signature": "підпис",
    "signature of another kind": "підпис під даними іншого виду, а не під документом",
    "empty": "порожній",
    "timestamp token": "позначка часу",
    "timestamp answer": "відповідь служби позначок часу",
    "timestamp request": "запит до служби позначок часу",
    "revocation list": "список скасованих сертифікатів",
    "delta revocation list": "частковий список скасованих сертифікатів",
    "OCSP answer": "відповідь служби OCSP",
    "OCSP request": "запит до служби OCSP",
    "certificate request": "запит на сертифікат",
    "public key": "відкритий ключ",
    "encrypted message": "зашифроване повідомлення",
    "compressed data": "стиснені дані",
    "data with a digest": "дані з гешем, без підпису",
    "data without a signature": "дані без підпису",
    "CMS": "контейнер CMS іншого виду",
    "PEM": "файл PEM",
    "PKCS#12": "ключовий файл PKCS#12",
    "PKCS#8": "особистий ключ PKCS#8",
    "encrypted PKCS#8": "зашифрований особистий ключ PKCS#8",
    "encrypted key": "зашифрований особистий ключ",
    "SEC1 key": "особистий ключ SEC1",
    "PKCS#1 key": "особистий ключ PKCS#1",
    "JKS": "сховище ключів JKS",
    "JCEKS": "сховище ключів JCEKS",
    "IIT key container": "ключовий файл ІІТ",
    "PDF": "документ PDF без підписів",
    "ZIP or ASiC": "архів ZIP без підписів",
    "ASiC-E": "архів ASiC-E: підпис у ньому не окремий файл, перевірте архів цілим",
    "ASiC with XAdES": "архів ASiC із підписом XAdES: перевірте його на czo.gov.ua/verify або попросіть підпис .p7s",
    "XML": "документ XML: підпис XAdES перевірте на czo.gov.ua/verify або попросіть підпис .p7s",
    "JSON": "документ JSON",
}

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def say(name: str, lang: str) -> str:
    """A sentence by its name."""
    return _SENTENCES[name][lang == "en"]


def label(name: str, lang: str) -> str:
    """The name of a field of `inspect`."""
    return LABELS[name][lang == "en"]


def kind(name: str, lang: str) -> str:
    """What a file is."""
    return name if lang == "en" else KINDS.get(name, name)


def reason(fault: SignatureError, lang: str) -> str:
    """Why something is refused: the sentence, and the detail in English or at least the day in it."""
    sentence = _BETTER.get(type(fault).__name__, _REASONS[fault.code]) if lang == "en" else fault.message
    if isinstance(fault, NotASignature | NotAKeyFile) and fault.detail in KINDS:
        return f"{sentence} {say('file_is', lang)}: {kind(fault.detail, lang)}."
    if lang == "en":
        return f"{sentence} ({fault.detail})" if fault.detail else sentence
    day = _DAY.search(fault.detail)
    return f"{sentence} ({day[0]})" if day else sentence


def file_reason(fault: OSError, lang: str) -> str:
    """Why a file could not be read or written."""
    name = next((text for kind, text in _FILE_FAULTS.items() if isinstance(fault, kind)), "")
    if name:
        return f"{say(name, lang)}: {fault.filename}"
    return f"{say('no_file', lang)} {fault.filename or ''} ({fault.strerror or fault})"


_FILE_FAULTS: dict[type[OSError], str] = {
    FileNotFoundError: "no_such_file",
    IsADirectoryError: "a_folder",
    PermissionError: "no_access",
}
