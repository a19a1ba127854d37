/* jkurwa and gost89 answer questions, a line each: the hash, signatures of CMS. The argument is signer/node_modules. */
const { createInterface } = require("node:readline");
const { createRequire } = require("node:module");
const { join } = require("node:path");

const load = createRequire(join(process.argv[2], "anchor.js"));
const { hash } = load("gost89").compat.algos();
const { models } = load("jkurwa");

const bytes = (text) => Buffer.from(text === "-" ? "" : text, "hex");
const questions = {
  hash: (message) => Buffer.from(hash(bytes(message))).toString("hex"),
  verify: (cms) => String(new models.Message(bytes(cms)).verify(hash)),
  content: (cms) => Buffer.from(new models.Message(bytes(cms)).info.contentInfo.content).toString("hex"),
  sign(key, certificate, content, seconds) {
    const signer = models.Priv.from_asn1(bytes(key));
    const cert = models.Certificate.from_asn1(bytes(certificate));
    const data = bytes(content);
    const message = new models.Message({ type: "signedData", cert, data, signer, hash, signTime: Number(seconds) });
    return Buffer.from(message.as_asn1()).toString("hex");
  },
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const [question, ...words] = line.split(" ");
  let answer;
  try {
    answer = questions[question](...words);
  } catch (error) {
    answer = `error ${String(error).replaceAll("\n", " ")}`;
  }
  process.stdout.write(`${answer}\n`);
});
