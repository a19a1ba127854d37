// Bundles our scripts and styles with the libraries they use into web/built/.
// Fingerprints and the manifest are made afterwards by esoz.kernel.pages.build.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const sources = here("../src/esoz/kernel/static/");

// The typeface GDS Transport and the crest belong to the British government: neither may be shipped or named.
const ownFace = {
  name: "own-face",
  setup: ({ onLoad }) =>
    onLoad({ filter: /govuk-frontend\.min\.css$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text
        .replace(/\/\*![^]*?\*\//g, "")
        .replace(/@font-face\{[^}]*\}/g, "")
        .replaceAll("GDS Transport,", "Inter,")
        .replace(/background-image:url\([^)]*crest[^)]*\)/g, "background-image:none")
        .replace(/url\([^)]*crest[^)]*\)/g, "none");
      return { contents, loader: "css" };
    }),
};

await build({
  entryPoints: ["js/boot.js", "js/app.js", "js/picker.js", "js/passkeys.js", "css/app.css"].map(
    (name) => sources + name,
  ),
  outdir: here("built"),
  entryNames: "[name]",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  external: ["*.woff2"], // copied and fingerprinted later
  legalComments: "none", // every licence is in LICENCES.txt next to the result
  nodePaths: [here("node_modules")], // our sources live outside this folder
  plugins: [ownFace],
  logLevel: "warning",
  logOverride: { "css-syntax-error": "silent" }, // a hack for old browsers in govuk-frontend, copied as it is
});

// Tells people that their browser is too old, so it may not itself be too new for it.
await build({
  entryPoints: [`${sources}js/browser.js`],
  outfile: here("built/browser.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es5",
  logLevel: "warning",
});
