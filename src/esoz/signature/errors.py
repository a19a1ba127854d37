"""The family of errors by which a signature, a certificate or a key file is refused."""

from typing import ClassVar


class SignatureError(Exception):
    """A signature, a certificate or a key file cannot be accepted.

    `code` is for programs, `message` is a Ukrainian sentence for the person, `detail` is an English note for the
    log; none of them ever holds personal data.
    """

    code: ClassVar[str] = "signature_error"
    sentence: ClassVar[str] = "Підпис не прийнято."

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        self.message = self.sentence
        super().__init__(detail or self.sentence)

    def __reduce__(self) -> tuple[type["SignatureError"], tuple[str]]:
        """Errors travel between the processes of a pool as they are."""
        return type(self), (self.detail,)


class Unreadable(SignatureError):
    """The bytes are not what they should be: broken DER, a missing field, a value out of its range."""

    code = "unreadable"
    sentence = "Файл пошкоджений або це не файл електронного підпису. Перевірте, чи вибрано потрібний файл."


class WrongArgument(SignatureError, TypeError, ValueError):
    """A program called the library with a thing of another kind: a text for bytes, a moment without its zone."""

    code = "wrong_argument"
    sentence = "Помилка програми: перевірку підпису викликано неправильно. Повідомте розробників."


class NoTrustList(Unreadable):
    """The folder or the file of the trust list is not there, or holds no certificate."""

    sentence = "Не знайдено довірчого списку. Вкажіть теку із сертифікатами надавачів або файл CACertificates.p7b."


class Unsupported(SignatureError):
    """Well-formed, but made with an algorithm or a format this library does not know."""

    code = "unsupported"
    sentence = (
        "Підпис створено невідомим способом. Скористайтеся ключем кваліфікованого надавача довірчих послуг України."
    )


class UnsupportedKeyFile(Unsupported):
    """A key file of an unknown kind, locked in an unknown way, or asking for more work than any honest one."""

    sentence = (
        "Такий ключовий файл не підтримано. Збережіть ключ у форматі PKCS#12 (.p12) з шифруванням AES або отримайте"
        " його в надавача знову."
    )


class WeakSignature(Unsupported):
    """Made with an algorithm that anybody can break: SHA-1, a short RSA key."""

    sentence = "Підпис створено застарілим алгоритмом, якому вже не можна довіряти. Підпишіть документ ще раз."


class NotAdvanced(Unsupported):
    """A signature without signed attributes: CMS allows it, CAdES does not."""

    sentence = "Підпис не має підписаних реквізитів (це не CAdES), тож його не прийнято. Підпишіть документ ще раз."


class NotASignature(Unreadable):
    """A file that is well-formed and something else: a certificate, an encrypted message, a bundle."""

    sentence = "Це не електронний підпис. Перевірте, чи вибрано потрібний файл."


class NotAKeyFile(Unreadable):
    """A file that was given for a key file and is something else."""

    sentence = "Це не ключовий файл. Виберіть файл, у якому зберігається особистий ключ."


class WrongContent(SignatureError):
    """The document is not the one that was signed: its digest differs."""

    code = "wrong_content"
    sentence = "Документ змінено після підписання. Підпишіть його ще раз."


class NotForSignature(WrongContent):
    """A content was given (or is missing) that the signature does not speak about."""

    code = "not_for_signature"
    sentence = "Підпис не стосується цього документа. Додайте саме той документ, який було підписано."


class NoDocument(NotForSignature):
    """A detached signature whose document is not at hand."""

    sentence = "Підпис лежить окремо від документа. Додайте документ, який було підписано."


class WrongSignature(SignatureError):
    """The signature value does not fit the key and the signed bytes."""

    code = "wrong_signature"
    sentence = "Електронний підпис недійсний. Підпишіть документ ще раз."


class Untrusted(SignatureError):
    """No chain leads from the signer's certificate to the trust list."""

    code = "untrusted"
    sentence = (
        "Сертифікат видав надавач, якого немає в довірчому списку. Якщо він кваліфікований, інший ключ не потрібен:"
        " зверніться до адміністратора системи."
    )


class NotYetValid(SignatureError):
    """A certificate of the chain begins after the moment of judgement."""

    code = "not_yet_valid"
    sentence = "Строк дії сертифіката ще не почався. Перевірте, коли він починає діяти."


class Expired(SignatureError):
    """A certificate of the chain ended before the moment of judgement."""

    code = "expired"
    sentence = "Строк дії сертифіката закінчився. Отримайте новий сертифікат у свого надавача."


class Revoked(SignatureError):
    """The issuer says that the certificate is revoked or suspended."""

    code = "revoked"
    sentence = "Сертифікат скасовано або заблоковано. Зверніться до надавача, який його видав."


class NotForSigning(SignatureError):
    """The key usage of the certificate does not allow what it was used for."""

    code = "not_for_signing"
    sentence = "Цей сертифікат не призначено для підпису. Виберіть ключ електронного підпису."


class NoService(SignatureError):
    """A service of the provider did not answer."""

    code = "no_service"
    sentence = "Служба надавача не відповіла. Перевірте з’єднання й адресу та повторіть спробу."


class ServiceRefused(NoService):
    """A service of the provider answered that it does not answer this, or that it does not know the certificate."""

    sentence = "Служба надавача відмовила у відповіді. Перевірте, чи це служба надавача, який видав сертифікат."


class WrongPassword(SignatureError):
    """The key file does not open with this password."""

    code = "wrong_password"
    sentence = "Неправильний пароль до ключа. Перевірте розкладку й повторіть спробу."


class WrongKeyPassword(WrongPassword):
    """The store opens, the keys inside have another password."""

    sentence = "Сховище відкрито, але ключ у ньому має інший пароль. Вкажіть пароль самого ключа."


class NoCertificate(SignatureError):
    """There is no certificate that belongs to the key or to the signature."""

    code = "no_certificate"
    sentence = "Не знайдено сертифіката до цього ключа. Додайте файл сертифіката."


class NoKey(NoCertificate):
    """There is no private key in the file."""

    sentence = "У файлі немає особистого ключа. Виберіть файл, у якому він зберігається."
