/** What the person reads, in Ukrainian, and in English on English pages. */

import type { Holder } from "./certificate.ts";
import type { Stopped, StopReason } from "./key-worker.ts";

type Detail = Stopped["detail"];

export interface Texts {
  readonly opening: (percent: number) => string;
  readonly signing: (done: number, all: number) => string;
  readonly signedAll: (done: number, all: number) => string;
  readonly sending: string;
  readonly certificateTaken: string;
  readonly notSent: string;
  readonly date: (date: Date) => string;
  readonly holder: Readonly<Record<keyof Holder, string>>;
  readonly stopped: Readonly<Record<StopReason, (detail: Detail) => string>>;
}

const UKRAINIAN: Texts = {
  opening: (percent) => `Відкриваємо ключ… ${percent} %`,
  signing: (done, all) => `Підписуємо: ${done} з ${all}`,
  signedAll: (done, all) => `Підписано й надіслано: ${done} з ${all}.`,
  sending: "Підписано. Надсилаємо…",
  certificateTaken: "Сертифікат прочитано. Надсилаємо…",
  notSent: "Не надіслано. Перевірте зв’язок і підпишіть ще раз.",
  date: (date) => date.toLocaleDateString("uk-UA"),
  holder: {
    name: "Власник ключа",
    organization: "Організація",
    drfo: "РНОКПП",
    edrpou: "Код ЄДРПОУ",
    validUntil: "Сертифікат діє до",
  },
  stopped: {
    "no-file": () => "Оберіть файл ключа.",
    "unreadable-file": () => "Не вдалося прочитати файл. Перевірте, чи підключено носій, і оберіть файл ще раз.",
    "no-password": () => "Введіть пароль до ключа.",
    "wrong-password": () =>
      "Пароль не підходить до цього ключа. Перевірте розкладку клавіатури та введіть пароль ще раз.",
    "not-a-key": () =>
      "Це не файл ключа КЕП. Оберіть файл на зразок Key-6.dat або з розширенням .jks, .pfx, .p12, .pk8, .zs2.",
    "not-a-certificate": () => "Це не файл сертифіката. Оберіть файл з розширенням .cer, .crt, .pem або .p7b.",
    "unsupported-container": () =>
      "Цей файл захищено способом, якого ми не підтримуємо. Отримайте в надавача послуг ключ у форматі JKS " +
      "або PFX і оберіть його.",
    "unsupported-key": () =>
      "Ми не підтримуємо ключі такого виду. Оберіть ключ ДСТУ 4145, ECDSA (P-256, P-384) або RSA.",
    "encryption-only": () => "Цей ключ призначено лише для шифрування. Оберіть ключ, призначений для підпису.",
    "no-certificate": () =>
      "У файлі ключа немає його сертифіката. Завантажте сертифікат із сайту свого надавача послуг, оберіть " +
      "його нижче й підпишіть ще раз.",
    "certificate-mismatch": () =>
      "Цей сертифікат належить до іншого ключа або призначений лише для шифрування. Оберіть сертифікат для " +
      "підпису саме цим ключем.",
    expired: ({ at }) =>
      `Строк дії сертифіката скінчився${at ? ` ${UKRAINIAN.date(at)}` : ""}. Отримайте новий ключ у надавача послуг.`,
    "not-yet-valid": ({ at }) =>
      `Сертифікат почне діяти${at ? ` ${UKRAINIAN.date(at)}` : " пізніше"}. Перевірте дату на своєму комп’ютері.`,
    "other-person": ({ expected, found }) =>
      `Підписати має особа з РНОКПП ${expected}, а ` +
      `${found ? `ключ належить особі з РНОКПП ${found}` : "в сертифікаті ключа РНОКПП немає"}. Оберіть ` +
      "інший ключ.",
    closed: () => "Ключ закрито. Щоб підписати решту, оберіть файл ключа та введіть пароль ще раз.",
    "insecure-page": () =>
      "Підписувати можна лише через захищене з’єднання. Відкрийте цю сторінку за адресою, що починається з https://.",
    "no-worker": () =>
      "Браузер не зміг запустити підписання. Оновіть сторінку; якщо не допоможе, скористайтеся новішим браузером.",
    "broken-page": () => "Сторінку завантажено не повністю. Оновіть її та підпишіть ще раз.",
    unexpected: () =>
      "Не вдалося підписати через помилку в програмі. Спробуйте ще раз; якщо не допоможе, зверніться до " +
      "служби підтримки.",
  },
};

const ENGLISH: Texts = {
  opening: (percent) => `Opening the key… ${percent} %`,
  signing: (done, all) => `Signing: ${done} of ${all}`,
  signedAll: (done, all) => `Signed and sent: ${done} of ${all}.`,
  sending: "Signed. Sending…",
  certificateTaken: "The certificate is read. Sending…",
  notSent: "Not sent. Check the connection and sign again.",
  date: (date) => date.toLocaleDateString("en-GB"),
  holder: {
    name: "Key holder",
    organization: "Organisation",
    drfo: "Taxpayer number (РНОКПП)",
    edrpou: "Organisation code (ЄДРПОУ)",
    validUntil: "Certificate valid until",
  },
  stopped: {
    "no-file": () => "Choose the key file.",
    "unreadable-file": () => "The file could not be read. Check that the drive is connected and choose the file again.",
    "no-password": () => "Enter the password of the key.",
    "wrong-password": () =>
      "The password does not fit this key. Check the keyboard layout and enter the password again.",
    "not-a-key": () =>
      "This is not a key file. Choose a file such as Key-6.dat or one ending in .jks, .pfx, .p12, .pk8, .zs2.",
    "not-a-certificate": () => "This is not a certificate file. Choose a file ending in .cer, .crt, .pem or .p7b.",
    "unsupported-container": () =>
      "This file is protected in a way we do not support. Ask your provider for the key as JKS or PFX and " +
      "choose that file.",
    "unsupported-key": () => "We do not support this kind of key. Choose a DSTU 4145, ECDSA (P-256, P-384) or RSA key.",
    "encryption-only": () => "This key is for encryption only. Choose the key that is meant for signing.",
    "no-certificate": () =>
      "The key file does not hold its certificate. Download the certificate from your provider's site, " +
      "choose it below and sign again.",
    "certificate-mismatch": () =>
      "This certificate belongs to another key or is for encryption only. Choose the signing certificate of this key.",
    expired: ({ at }) =>
      `The certificate expired${at ? ` on ${ENGLISH.date(at)}` : ""}. Get a new key from your provider.`,
    "not-yet-valid": ({ at }) =>
      `The certificate becomes valid ${at ? `on ${ENGLISH.date(at)}` : "later"}. Check the date on your computer.`,
    "other-person": ({ expected, found }) =>
      `The person with taxpayer number ${expected} has to sign, but ` +
      `${found ? `the key belongs to ${found}` : "the certificate has no taxpayer number"}. Choose another ` +
      "key.",
    closed: () => "The key is closed. To sign the rest, choose the key file and enter the password again.",
    "insecure-page": () => "Signing needs a secure connection. Open this page at an address that begins with https://.",
    "no-worker": () =>
      "The browser could not start signing. Reload the page; if that does not help, use a newer browser.",
    "broken-page": () => "The page was not loaded completely. Reload it and sign again.",
    unexpected: () =>
      "Signing failed because of a fault in the program. Try again; if it fails again, ask for support.",
  },
};

/** @param language the `lang` of the page. */
export function textsFor(language: string): Texts {
  return language.toLowerCase().startsWith("en") ? ENGLISH : UKRAINIAN;
}
