/** Known answers. GOST 34.311, Kupyna: over the bytes (7i + 3) mod 256, computed by UAPKI 2.0.16. The rest as said. */

/** Length of the message -> digest with the substitution DKE 1. */
export const GOST34311: Record<number, string> = {
  1: "25bcf29d30b964535bd9912ec56461b0134f6f3e8aa61cf289eaeb83e7a163c5",
  31: "18cb32a154897433e0c077cc0d0a878506fbaf5e7c81af43623c81ca69274c26",
  32: "53c77ca22e84a20d038c9efad7464aea29ee9c8320dd1565d2d205865ea33aa0",
  33: "e3b3d7f0b052a4287ab83c7bcf6fe84ebfca9b3006bfecb8f092bd50aebeb479",
  63: "57cfd50d6f4d9700c6cd4d5864d7aa48339fcebc4f8e0e49f099a5809ab66647",
  64: "3c32154a02926d3c4584ffdfbc2d2526df12d2b5861527720e51a2b0716deb13",
  65: "c2071e23adbf51e2040f4fd1bf5158c7d38f957392aa38b26a3decfd54f73bbd",
  100: "e964b09c996455c9830abefeeb965630c3df6a63e8502f0e4eb69a77b6aaa6db",
  1000: "f2b0ebe7695fba8b4b8de998675b9ca9023d47eb8718c23d02de4145f3eb30fb",
};

export const GOST34311_EMPTY = "da37bdf41145e39e34111775b40646e8059c2e969c1460bb98abccb26f0f76a5";

/** A long-term key element of old centres, checked by real certificate signatures; the digest is of 100 bytes. */
export const OTHER_DKE = {
  dke:
    "4a92d80e6b1c7f53eb4c6dfa23810759581da342efc7609b7da1089fe46cb253" +
    "6c715fd84a9e03b24ba0721d36859cfedb413f590ae7682c1fd057a4923e6b8c",
  digest: "d4026116522e5187d5d785a136f27f070c01a2b783f8db461c1f6768da6a2db5",
};

/** Bits and length of the message -> digest. */
export const KUPYNA: [bits: number, length: number, digest: string][] = [
  [256, 1, "fad56475c176cb7cd8eafb96a7943d5fe319d82152646ba1f1dce6a393554634"],
  [384, 1, "236107fd995db1f0428bfa05642b9672a61802edb7770b3102453e6a6f6c6fbf" + "db74ad4d90987d621bda332ef76e3dc0"],
  [
    512,
    1,
    "d73bc910866d0ce1652091eb86c4ac4f236107fd995db1f0428bfa05642b9672" +
      "a61802edb7770b3102453e6a6f6c6fbfdb74ad4d90987d621bda332ef76e3dc0",
  ],
  [256, 63, "0a7ee8749a3122de81cdc498bbdfff55f1cfcb3efcf3b5516f9d0a82b640d491"],
  [384, 63, "db3807fb2ce7b3e8a9bf738903a05352544a5c392f0ab16802f6fe9adfc3d744" + "5337337d13d0d920db89c47a3bf2b309"],
  [
    512,
    63,
    "7b3ad4ddfb7a9a83b4d0fb5a7128b5bfdb3807fb2ce7b3e8a9bf738903a05352" +
      "544a5c392f0ab16802f6fe9adfc3d7445337337d13d0d920db89c47a3bf2b309",
  ],
  [256, 64, "c4a0c576bbc09acbe34f15c814788884174fd84bf47d6395c2ff0272c5a36d9e"],
  [384, 64, "0a6549b69ed557427d2e2771d4aa781690785bb2878d96dc88f3ab28daadf6a5" + "22f522605c6c74729cbe178418921518"],
  [
    512,
    64,
    "07ac5889ec018c276b60f1f7999451920a6549b69ed557427d2e2771d4aa7816" +
      "90785bb2878d96dc88f3ab28daadf6a522f522605c6c74729cbe178418921518",
  ],
  [256, 100, "c3f2155e1421ecd1604e0bb7e0381021a21e24d8f0aa424dc3b4e2878795bf77"],
  [384, 100, "1e8451972e591d848331d7671a064a3e5ebf16449cc5b6f9ec009f7fdbea9dde" + "baef2f8c1d3004461ea30721f681875f"],
  [
    512,
    100,
    "3e523ffbf18187c045ac5c9185cdaaac1e8451972e591d848331d7671a064a3e" +
      "5ebf16449cc5b6f9ec009f7fdbea9ddebaef2f8c1d3004461ea30721f681875f",
  ],
  [256, 1000, "8ed578b70214ea8b66dff584eb99ebbd16c34fc6a82d0d5d4efc1c68e6465054"],
  [384, 1000, "8a531cba0d0d2cd65908428dc0dae455010f5c7643a60207705396dd3613957a" + "5b58d4895f5c643958c7bc9131c8022f"],
  [
    512,
    1000,
    "00697cfd5cb6482f0b016662d261b0678a531cba0d0d2cd65908428dc0dae455" +
      "010f5c7643a60207705396dd3613957a5b58d4895f5c643958c7bc9131c8022f",
  ],
];

/** DSTU 4145-2002, annex B: the curve over GF(2^163); all little-endian. */
export const ANNEX_B = {
  hash: "ff4722f5aeed76eb2e5373df6d1680715bb92e3a8886e4ae9a0c917742c4c909",
  d: "3e5a9b1c0c7973d0f89371d647ff5179df0ff68301",
  qx: "dac2bd4af69cb7e45c78acb69c92ff23e0fde77d05",
  qy: "aab9320577345f7badf6ab85ad06cf4b324454e803",
  e: "c6617f242d93128ede791d7a2b01db97bd405e0201",
  r: "a7088d06937ade9af524a4800d4a01aa0c2cea7402",
  s: "ca5a61b332a3d65b0f238c8e2b83317395860d1002",
  baseX: "2004548c5c8874feaf01fff97dc23aa9937f862d07",
  baseY: "9bfdc3ad2211b84a5f9d59c5972b8547399c4a2200",
};

/** m = 257, GOST 34.311 of "abc"; computed by an independent Python implementation. */
export const M257 = {
  d: "0af4f0197bae6b765da317036b28c9c709bb68a07ff57b766211135a2de3951b",
  e: "efcdab9078563412efcdab9078563412efcdab9078563412efcdab9078563412",
  hash: "a34a53504d8ba070cb73a583146167a0a3c226d793440d9cea24465fe02251f2",
  publicKey: "ce85fa7bde2cdff7b0f615ee885769c6b1dc8a0065616ca41b865a6e0d9abb6700",
  signature:
    "3d0b9e2237ab0761e5c2ef5717776004ca1b9d5534f58892c45b5797a7d03874" +
    "40c7970f60d39b36fcb3efcea73b4d70f9c78d78b5bd18a08a5d1b98154b8831",
};

/** HMAC-GOST 34.311, password "password", salt 00..1f, 100 rounds. The same code opened containers of three makers. */
export const PBKDF2 = "4221f6845b4c7eec845f14b2a3ea53162fdbb398fe43b8a7f938132143acb8b5";

/** GOST 28147 with DKE 1, key 00..1f. */
export const GOST28147 = {
  plain: "030a11181f262d343b424950575e656c",
  ecb: "8b26ca6066d05ef64620bd8bad6dc127",
  iv: "030a11181f262d34",
  longPlain: "030a11181f262d343b424950575e656c737a8188",
  cfb: "882cdb7879f673c27f3d6d26e3e19c7edc773719",
  mac: "e07a6d0a",
};

/** The key of an old IIT container: 10 000 hashes of "tectfom". */
export const IIT_KEY = "a3ed3df12520d1f23c9387097e9b5520567fe3a9467b0706c582553dfe3da2b4";

/** RFC 2268, 5: key, effective bits, plain block, encrypted block. */
export const RC2_VECTORS: [string, number, string, string][] = [
  ["0000000000000000", 63, "0000000000000000", "ebb773f993278eff"],
  ["ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"],
  ["3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"],
  ["88", 64, "0000000000000000", "61a8a244adacccf0"],
  ["88bca90e90875a7f0f79c384627bafb2", 64, "0000000000000000", "1a807d272bbe5db1"],
  ["88bca90e90875a7f0f79c384627bafb2", 128, "0000000000000000", "2269552ab0f85ca6"],
];
