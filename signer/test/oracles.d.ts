/** The little that the tests use of two independent implementations from npm, which bring no types. */

declare module "gost89" {
  interface Cipher {
    key(key: Uint8Array): void;
    crypt(plain: Buffer): Buffer;
    crypt_cfb(iv: Uint8Array, plain: Buffer): Buffer;
    mac(bits: number, message: Buffer): Buffer;
  }
  interface Algorithms {
    hash(message: Uint8Array): Buffer;
  }
  const gost89: {
    init(): Cipher;
    gosthash(message: Uint8Array): Buffer;
    compat: {
      convert_password(parsed: { format: string; salt?: Uint8Array; iters?: number }, password: string): Buffer;
      algos(): Algorithms;
    };
  };
  export default gost89;
}

declare module "jkurwa" {
  class Message {
    constructor(cms: Buffer);
    verify(hash: (message: Uint8Array) => Buffer): boolean;
  }
  const jkurwa: { models: { Message: typeof Message } };
  export default jkurwa;
}
