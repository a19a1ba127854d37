"""Every sentence of the command line, in Ukrainian and in English."""

import re

from ..errors import SignatureError

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
    "no_service": "A service of the provider did not answer. Check the connection and the address.",
    "no_certificate": "The certificate is missing. Add the file with the certificate.",
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
    "signed_at": ("Час за годинником підписувача", "Time by the signer's clock"),
    "proven_at": ("Час за позначкою надавача", "Time by a timestamp"),
    "judged_at": ("Перевірено на момент", "Judged at"),
    "chain": ("Ланцюжок", "Chain"),
    "revocation_known": ("Скасування перевірено: сертифікат чинний.", "Revocation checked: the certificate was good."),
    "revocation_unknown": ("Скасування не перевірено: немає відповіді OCSP чи списку.", "Revocation was not checked."),
    "content_sha256": ("SHA-256 документа", "SHA-256 of the document"),
    "nested": (
        "Документ сам є підписаним файлом: дістаньте його командою convert --to content і перевірте окремо.",
        "The document is itself a signed file: take it out with convert --to content and verify it on its own.",
    ),
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
    "common_name": ("Ім'я", "Common name"),
    "surname": ("Прізвище", "Surname"),
    "given_name": ("Власне ім'я", "Given name"),
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
}

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def say(name: str, lang: str) -> str:
    """A sentence by its name."""
    return _SENTENCES[name][lang == "en"]


def label(name: str, lang: str) -> str:
    """The name of a field of `inspect`."""
    return LABELS[name][lang == "en"]


def reason(fault: SignatureError, lang: str) -> str:
    """Why something is refused: the sentence, and the detail in English or at least the day in it."""
    sentence = _REASONS[fault.code] if lang == "en" else fault.message
    if lang == "en":
        return f"{sentence} ({fault.detail})" if fault.detail else sentence
    day = _DAY.search(fault.detail)
    return f"{sentence} ({day[0]})" if day else sentence
