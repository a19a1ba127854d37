/** Object identifiers. */

const UA = "1.2.804.2.1.1.1";
const UA_ALGORITHM = `${UA}.1`;

export const OID = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  encryptedData: "1.2.840.113549.1.7.6",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",

  pbes2: "1.2.840.113549.1.5.13",
  pbkdf2: "1.2.840.113549.1.5.12",
  pkcs12Encryption: "1.2.840.113549.1.12.1.",
  keyBag: "1.2.840.113549.1.12.10.1.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certificateBag: "1.2.840.113549.1.12.10.1.3",
  nestedBags: "1.2.840.113549.1.12.10.1.6",
  sunProtector: "1.3.6.1.4.1.42.2.17.1.1",
  iitContainer: "1.3.6.1.4.1.19398.1.1.1.2",
  iitSecondCurve: "1.3.6.1.4.1.19398.1.1.2.2",
  iitSecondKey: "1.3.6.1.4.1.19398.1.1.2.3",

  gost34311: `${UA_ALGORITHM}.2.1`,
  hmacGOST34311: `${UA_ALGORITHM}.1.2`,
  gost28147CFB: `${UA_ALGORITHM}.1.1.3`,
  /** Both the public key algorithm and the signature with GOST 34.311. */
  dstu4145: `${UA_ALGORITHM}.3.1.1`,
  /** The same, and everything in it stands from the big end. */
  dstu4145BigEndian: `${UA_ALGORITHM}.3.1.1.1.1`,
  namedCurve: `${UA_ALGORITHM}.3.1.1.2.`,
  kupyna: `${UA_ALGORITHM}.2.2.`,
  dstu4145Kupyna: `${UA_ALGORITHM}.3.6.`,

  ecPublicKey: "1.2.840.10045.2.1",
  p256: "1.2.840.10045.3.1.7",
  p384: "1.3.132.0.34",
  p521: "1.3.132.0.35",
  rsa: "1.2.840.113549.1.1.1",
  rsaSHA256: "1.2.840.113549.1.1.11",
  ecdsaSHA256: "1.2.840.10045.4.3.2",
  ecdsaSHA384: "1.2.840.10045.4.3.3",
  ecdsaSHA512: "1.2.840.10045.4.3.4",
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",

  keyUsage: "2.5.29.15",
  basicConstraints: "2.5.29.19",
  subjectDirectoryAttributes: "2.5.29.9",
  drfo: `${UA}.11.1.4.1.1`,
  edrpou: `${UA}.11.1.4.2.1`,
  commonName: "2.5.4.3",
  surname: "2.5.4.4",
  serialNumber: "2.5.4.5",
  organization: "2.5.4.10",
  givenName: "2.5.4.42",
  organizationIdentifier: "2.5.4.97",
} as const;
